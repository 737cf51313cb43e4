package dev.architect.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RolePermissionsTest {

    /** The table as it is promised, one line for each permission: who may, in the order viewer, operator, approver, admin, agent, token. */
    @ParameterizedTest
    @CsvSource({
        "tasks:r,     v o p a g t",
        "costs:r,     v o p a g t",
        "policy:r,    v o p a g t",
        "content:r,   - o p a - t",
        "audit:r,     - - p a - t",
        "settings:r,  - o - a - t",
        "users:r,     - - - a - -",
        "secrets:r,   - - - a - -",
        "tasks:w,     - o - a g t",
        "tasks:x,     - o - a g t",
        "schedules:w, - o - a g t",
        "projects:w,  - o p a g t",
        "comments:w,  - - p a g t",
        "goals:x,     - o - a g t",
        "apps:x,      - o - a g t",
        "exports:x,   - o - a g t",
        "gateway:x,   - o - a g t",
        "queues:x,    - o - a - t",
        "sessions:x,  - o - a - t",
        "providers:x, - o - a - t",
        "nodes:x,     - o - a - t",
        "notify:x,    - o - a - t",
        "routes:x,    - o - a - t",
        "alerts:x,    - o p a - t",
        "reviews:x,   - - p a - -",
        "rules:w,     - - - a - t",
        "policy:w,    - - - a - t",
        "prices:w,    - - - a - t",
        "budgets:w,   - - - a - t",
        "providers:w, - - - a - t",
        "queues:w,    - - - a - t",
        "self:r,      v o p a - t",
        "self:w,      v o p a - t",
        "self:x,      v o p a - t",
        "users:w,     - - - a - -",
        "tokens:w,    - - - a - t",
        "settings:w,  - - - a - t",
        "secrets:w,   - - - a - -",
        "backups:x,   - - - a - t"
    })
    void allowsWhatTheTablePromises(String permission, String who) {
        List<String> marks = List.of(who.split(" "));
        assertThat(List.of(
                        RolePermissions.allows(Set.of(UserRole.VIEWER), permission),
                        RolePermissions.allows(Set.of(UserRole.OPERATOR), permission),
                        RolePermissions.allows(Set.of(UserRole.APPROVER), permission),
                        RolePermissions.allows(Set.of(UserRole.ADMIN), permission),
                        RolePermissions.isForAgents(permission),
                        RolePermissions.allowsLocalOperator(permission)))
                .as(permission)
                .isEqualTo(marks.stream().map(mark -> !mark.equals("-")).toList());
    }

    @Test
    void rolesAreUnions() {
        Set<UserRole> both = Set.of(UserRole.OPERATOR, UserRole.APPROVER);
        assertThat(RolePermissions.allows(both, "tasks:x")).isTrue();
        assertThat(RolePermissions.allows(both, "reviews:x")).isTrue();
        assertThat(RolePermissions.allows(both, "users:r")).isFalse();
        assertThat(RolePermissions.allows(Set.of(), "tasks:r")).isFalse();
    }

    @Test
    void whatGivesRightsAwayNeedsAFreshLogin() {
        assertThat(List.of("users:w", "tokens:w", "self:w", "settings:w", "secrets:w", "backups:x"))
                .allMatch(RolePermissions::needsFreshLogin);
        assertThat(List.of("users:r", "tasks:w", "policy:w")).noneMatch(RolePermissions::needsFreshLogin);
    }

    @Test
    void aWordThatIsNoRoleIsNamed() {
        assertThat(UserRole.ofWord("approver")).isEqualTo(UserRole.APPROVER);
        assertThatThrownBy(() -> UserRole.ofWord("root"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("role is 'root', expected one of viewer, operator, approver, admin");
    }
}
