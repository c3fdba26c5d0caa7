//! What each vendor's directory calls things, for whatever the configuration leaves open.

use super::{Config, Disabled, GroupAttributes, Groups, Names, UserAttributes, Users, Vendor, When};

impl Config {
    /// This configuration with everything that it leaves open filled in from its vendor's habits.
    pub fn resolved(&self) -> Self {
        let (users, groups) = match self.vendor {
            Vendor::OpenLdap => openldap(),
            Vendor::ActiveDirectory => active_directory(),
            Vendor::FreeIpa => freeipa(),
        };
        Self { users: self.users.clone().or(users), groups: self.groups.clone().or(groups), ..self.clone() }
    }
}

/// `000001010000Z` is a lock that only an administrator lifts. Any other time is a lock after wrong passwords, with which
/// a stranger could take away everyone's rights: <https://www.openldap.org/software/man.cgi?query=slapo-ppolicy>.
fn openldap() -> (Users, Groups) {
    let filter = "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))";
    let locked = Disabled::new("pwdAccountLockedTime", When::Equals("000001010000Z".to_owned()));
    let users = users("(objectClass=inetOrgPerson)", "entryUUID", "uid", vec![locked]);
    let groups = groups(filter, "entryUUID", "cn");
    let attributes = GroupAttributes {
        kind: names(["businessCategory"]),
        members: names(["member", "uniqueMember"]),
        member_names: names(["memberUid"]),
        ..groups.attributes
    };
    (users, Groups { attributes, ..groups })
}

/// <https://learn.microsoft.com/en-us/troubleshoot/windows-server/active-directory/useraccountcontrol-manipulate-account-properties>
/// (2 is ACCOUNTDISABLE), <https://learn.microsoft.com/en-us/windows/win32/adschema/a-accountexpires>
fn active_directory() -> (Users, Groups) {
    let disabled = vec![Disabled::new("userAccountControl", When::Bit(2)), Disabled::new("accountExpires", When::Past)];
    let users = users("(&(objectCategory=person)(objectClass=user))", "objectGUID", "sAMAccountName", disabled);
    (users, groups("(objectClass=group)", "objectGUID", "sAMAccountName"))
}

/// FreeIPA's `memberOf` includes the groups of groups, so only the groups' own `member` tells who is directly in them.
///
/// <https://www.port389.org/docs/389ds/design/memberof-plugin.html>
fn freeipa() -> (Users, Groups) {
    let disabled = vec![
        Disabled::new("nsAccountLock", When::Equals("TRUE".to_owned())),
        Disabled::new("krbPrincipalExpiration", When::Past),
    ];
    let users = users("(objectClass=posixAccount)", "ipaUniqueID", "uid", disabled);
    let groups = groups("(objectClass=ipaUserGroup)", "ipaUniqueID", "cn");
    let user_attributes = UserAttributes { member_of: names([]), ..users.attributes };
    let group_attributes = GroupAttributes { member_of: names([]), ..groups.attributes };
    (Users { attributes: user_attributes, ..users }, Groups { attributes: group_attributes, ..groups })
}

fn users(filter: &str, uuid: &str, name: &str, disabled: Vec<Disabled>) -> Users {
    let attributes = UserAttributes {
        uuid: names([uuid]),
        name: names([name]),
        display_name: names(["displayName", "cn"]),
        email: names(["mail"]),
        title: names(["title"]),
        description: names(["description"]),
        member_of: names(["memberOf"]),
    };
    Users { filter: Some(filter.to_owned()), attributes, disabled: Some(disabled), ..Users::default() }
}

fn groups(filter: &str, uuid: &str, name: &str) -> Groups {
    let attributes = GroupAttributes {
        uuid: names([uuid]),
        name: names([name]),
        display_name: names(["displayName", "cn"]),
        email: names(["mail"]),
        description: names(["description"]),
        kind: names([]),
        members: names(["member"]),
        member_names: names([]),
        member_of: names(["memberOf"]),
    };
    Groups { filter: Some(filter.to_owned()), attributes, ..Groups::default() }
}

fn names<const N: usize>(names: [&str; N]) -> Option<Names> {
    Some(Names::new(names))
}

impl Users {
    fn or(self, preset: Self) -> Self {
        let (own, other) = (self.attributes, preset.attributes);
        let attributes = UserAttributes {
            uuid: own.uuid.or(other.uuid),
            name: own.name.or(other.name),
            display_name: own.display_name.or(other.display_name),
            email: own.email.or(other.email),
            title: own.title.or(other.title),
            description: own.description.or(other.description),
            member_of: own.member_of.or(other.member_of),
        };
        let (filter, disabled) = (self.filter.or(preset.filter), self.disabled.or(preset.disabled));
        Self { attributes, filter, disabled, ..self }
    }
}

impl Groups {
    fn or(self, preset: Self) -> Self {
        let (own, other) = (self.attributes, preset.attributes);
        let attributes = GroupAttributes {
            uuid: own.uuid.or(other.uuid),
            name: own.name.or(other.name),
            display_name: own.display_name.or(other.display_name),
            email: own.email.or(other.email),
            description: own.description.or(other.description),
            kind: own.kind.or(other.kind),
            members: own.members.or(other.members),
            member_names: own.member_names.or(other.member_names),
            member_of: own.member_of.or(other.member_of),
        };
        Self { attributes, filter: self.filter.or(preset.filter), ..self }
    }
}

impl UserAttributes {
    pub(super) fn all(&self) -> [&Option<Names>; 7] {
        let Self { uuid, name, display_name, email, title, description, member_of } = self;
        [uuid, name, display_name, email, title, description, member_of]
    }
}

impl GroupAttributes {
    pub(super) fn all(&self) -> [&Option<Names>; 9] {
        let Self { uuid, name, display_name, email, description, kind, members, member_names, member_of } = self;
        [uuid, name, display_name, email, description, kind, members, member_names, member_of]
    }
}
