//! The whole program, driven from outside against real servers.

mod ldap;
mod migrations;
mod tidy;
