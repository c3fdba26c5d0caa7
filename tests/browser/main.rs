//! The whole program in a real Chromium: what a newcomer sees, with any width, colour scheme, and without a mouse.

mod audit;
mod browser;
mod chat;
mod demo;
mod incident;
mod keyboard;
mod linking;
mod looks;
mod program;
mod screenshots;

use browser::Browser;
use demo::Demo;

#[tokio::test]
async fn the_pages_work_in_a_real_browser() {
    // Panics without an installed provider, even for plain HTTP.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let demo = Demo::start();
    let browser = Browser::start(&demo.url).await;
    looks::every_page_fits_every_screen(&browser).await;
    keyboard::everything_is_reached_without_a_mouse(&browser).await;
    chat::a_command_is_answered_and_its_button_pressed(&browser).await;
    linking::an_account_is_linked_by_signing_in_at_the_demos_github(&browser).await;
    incident::an_incident_is_told_taken_in_the_chat_and_resolved_elsewhere(&browser).await;
    browser.quit().await;
}
