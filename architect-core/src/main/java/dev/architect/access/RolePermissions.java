package dev.architect.access;

import dev.architect.check.Check;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The table of who may do what. A permission is an area and a verb: {@code tasks:r} reads, {@code tasks:w} creates, changes and removes,
 * {@code tasks:x} acts on what runs. A star stands for every area, or for every verb. The area
 * {@code self} is what belongs to the caller: logins, and tokens of agents. Without state.
 */
public final class RolePermissions {

    private static final Pattern PERMISSION = Pattern.compile("[a-z][a-z-]{0,31}:[rwx]");

    /** What every role reads; the rest is for those who are named below. */
    private static final Set<String> NOT_FOR_ALL = Set.of("content:r", "audit:r", "users:r", "settings:r", "secrets:r");

    /** What every role may beyond reading: what is about nobody but the user. */
    private static final List<String> FOR_ALL = List.of("self:*");

    /** What each role may beyond reading. */
    private static final Map<UserRole, List<String>> GRANTED = Map.of(
            UserRole.VIEWER,
            List.of(),
            UserRole.OPERATOR,
            List.of(
                    "content:r",
                    "settings:r",
                    "tasks:*",
                    "schedules:*",
                    "projects:*",
                    "goals:*",
                    "apps:*",
                    "exports:*",
                    "gateway:x",
                    "queues:x",
                    "sessions:x",
                    "providers:x",
                    "nodes:x",
                    "alerts:x",
                    "notify:x",
                    "routes:x"),
            UserRole.APPROVER,
            List.of("content:r", "audit:r", "projects:w", "comments:w", "alerts:x", "reviews:x"),
            UserRole.ADMIN,
            List.of("*:*"));

    /** What the holder of the local operator's token may not: what only a known person may decide, see or give away. */
    private static final List<String> NOT_FOR_LOCAL_OPERATOR = List.of("reviews:x", "users:*", "secrets:*");

    /** What a token of an agent never allows. */
    private static final List<String> NOT_FOR_AGENTS = List.of(
            "content:r",
            "audit:r",
            "users:*",
            "settings:*",
            "secrets:*",
            "tokens:*",
            "self:*",
            "reviews:x",
            "rules:w",
            "policy:w",
            "prices:w",
            "budgets:w",
            "providers:w",
            "queues:w",
            "queues:x",
            "sessions:w",
            "sessions:x",
            "providers:x",
            "nodes:x",
            "alerts:x",
            "notify:x",
            "routes:x",
            "backups:x");

    /** What needs a login of the last minutes. */
    private static final Set<String> FRESH =
            Set.of("users:w", "tokens:w", "self:w", "settings:w", "secrets:w", "backups:x");

    private RolePermissions() {}

    /** Whether {@code text} has the form of a permission, without stars. */
    public static boolean isPermission(String text) {
        return PERMISSION.matcher(Check.notNull("text", text)).matches();
    }

    /** Whether one of the roles allows it. */
    public static boolean allows(Collection<UserRole> roles, String permission) {
        Check.notNull("permission", permission);
        return Check.noNulls("roles", roles).stream()
                .anyMatch(role -> (permission.endsWith(":r") && !NOT_FOR_ALL.contains(permission))
                        || isIn(FOR_ALL, permission)
                        || isIn(GRANTED.getOrDefault(role, List.of()), permission));
    }

    /** Whether the holder of the local operator's token may do it. */
    public static boolean allowsLocalOperator(String permission) {
        return !isIn(NOT_FOR_LOCAL_OPERATOR, Check.notNull("permission", permission));
    }

    /** Whether a token of an agent may have it as a scope, when its maker has it. */
    public static boolean isForAgents(String permission) {
        return !isIn(NOT_FOR_AGENTS, Check.notNull("permission", permission));
    }

    /** Whether it needs a login of the last ten minutes. */
    public static boolean needsFreshLogin(String permission) {
        return FRESH.contains(Check.notNull("permission", permission));
    }

    private static boolean isIn(List<String> patterns, String permission) {
        int colon = permission.indexOf(':');
        if (colon < 0) {
            return false;
        }
        String area = permission.substring(0, colon);
        return patterns.contains(permission) || patterns.contains(area + ":*") || patterns.contains("*:*");
    }
}
