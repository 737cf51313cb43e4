package dev.architect.server.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.access.AccessChange;
import dev.architect.access.AccessStore;
import dev.architect.access.PasswordRules;
import dev.architect.access.RolePermissions;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The resources {@code /api/users} and {@code /api/user-roles}: who may log in, and as what. */
public final class UserApi {

    private static final String AREA = "users";
    private static final String PATH = "/api/users";
    private static final String ONE = PATH + "/{name}";
    private static final String NAME = "name";
    private static final String PASSWORD = "password";
    private static final String ROLES = "roles";
    private static final String ACTIVE = "active";
    private static final Schema ROLE =
            Schema.words(Arrays.stream(UserRole.values()).map(UserRole::word).toArray(String[]::new));
    private static final Schema NEW_PASSWORD = Schema.text(PasswordRules.MIN_CHARACTERS, PasswordRules.MAX_CHARACTERS);
    private static final Schema USER = Schema.object()
            .required(NAME, Schema.text())
            .required(ROLES, Schema.list(ROLE))
            .required(ACTIVE, Schema.truth())
            .required(List.of("createdAt", "passwordAt"), Schema.instant())
            .required("version", Schema.integer())
            .open()
            .named("User");

    private final AccessStore store;
    private final PasswordChecks passwords;
    private final LoginSessions loginSessions;
    private final TimeSource time;
    private final Supplier<List<Operation>> operations;

    /** Creates the resource; {@code operations} are asked for with each request. */
    public UserApi(
            AccessStore store,
            PasswordChecks passwords,
            LoginSessions loginSessions,
            TimeSource time,
            Supplier<List<Operation>> operations) {
        this.store = store;
        this.passwords = passwords;
        this.loginSessions = loginSessions;
        this.time = time;
        this.operations = operations;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(
                Operation.get("listUsers", PATH, Permission.read(AREA), this::list)
                        .summary("Lists those who may log in.")
                        .answer(
                                200,
                                "All users.",
                                Schema.object()
                                        .required(AREA, Schema.list(USER))
                                        .open()),
                Operation.post("createUser", PATH, Permission.write(AREA), this::create)
                        .summary("Adds a user.")
                        .body(Schema.object()
                                .required(NAME, Schema.text(1, 64))
                                .required(PASSWORD, NEW_PASSWORD)
                                .required(ROLES, Schema.list(ROLE, 1, UserRole.values().length))
                                .closed())
                        .creating()
                        .answer(201, "The user.", USER)
                        .refuses(409, "name-taken")
                        .refuses(503, "busy"),
                Operation.get("getUser", ONE, Permission.read(AREA), this::show)
                        .summary("Shows a user.")
                        .answer(200, "The user.", USER)
                        .refuses(404, "not-found"),
                Operation.patch("updateUser", ONE, Permission.write(AREA), this::update)
                        .summary("Changes what a user may.")
                        .ifMatch()
                        .body(Schema.object()
                                .optional(ROLES, Schema.list(ROLE, 1, UserRole.values().length))
                                .optional(ACTIVE, Schema.truth())
                                .closed())
                        .answer(200, "The user.", USER)
                        .refuses(404, "not-found")
                        .refuses(409, "last-admin"),
                Operation.delete("deleteUser", ONE, Permission.write(AREA), this::remove)
                        .summary("Removes a user, and ends the user's logins.")
                        .ifMatch()
                        .answer(204, "The user is gone.")
                        .refuses(404, "not-found")
                        .refuses(409, "last-admin"),
                Operation.post("resetUser", ONE + "/reset", Permission.write(AREA), this::reset)
                        .summary("Sets another password for a user, and ends the user's logins.")
                        .body(Schema.object().required(PASSWORD, NEW_PASSWORD).closed())
                        .answer(204, "It is set.")
                        .refuses(404, "not-found")
                        .refuses(503, "busy"),
                Operation.delete("deleteUserTotp", ONE + "/totp", Permission.write(AREA), this::removeFactor)
                        .summary("Removes the authenticator app of a user who has lost it, and ends the user's logins.")
                        .answer(204, "Logins of the user ask for the password alone.")
                        .refuses(404, "not-found"),
                Operation.get("listUserRoles", "/api/user-roles", Permission.read(AREA), this::roles)
                        .summary("Lists the roles and what each may do here.")
                        .answer(
                                200,
                                "All roles.",
                                Schema.object()
                                        .required(
                                                ROLES,
                                                Schema.list(Schema.object()
                                                        .required("role", ROLE)
                                                        .required("permissions", Schema.list(Schema.text()))
                                                        .open()))
                                        .open()));
    }

    private void list(Context request) {
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode users = answer.putArray(AREA);
        store.users().forEach(user -> users.add(json(user)));
        JsonResponseWriter.write(request, answer);
    }

    private void create(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(NAME, PASSWORD, ROLES));
        String name = fields.checked(
                NAME, () -> User.checkName(fields.requiredText(NAME).toLowerCase(Locale.ROOT)));
        String password = fields.requiredText(PASSWORD);
        Set<UserRole> roles = roles(fields);
        PersonLoginApi.refuseWeak(password, name);
        User user = User.create(name, roles, passwords.hash(password), time.wallTime());
        Creations.respond(
                request,
                User.class,
                () -> {
                    if (!store.add(user)) {
                        throw new ApiException(
                                409,
                                "name-taken",
                                "name is '" + name + "', expected one that no other user has",
                                NAME,
                                null);
                    }
                    return user;
                },
                added -> Creations.answer(
                        201,
                        Map.of("Location", PATH + "/" + name, "ETag", EntityTag.of(added.version())),
                        json(added)));
    }

    private static Set<UserRole> roles(BodyFields fields) {
        List<String> words = fields.texts(ROLES);
        if (words.isEmpty()) {
            throw fields.invalid(ROLES, ROLES + " are missing or empty, expected at least one");
        }
        Set<UserRole> roles = EnumSet.noneOf(UserRole.class);
        words.forEach(word -> roles.add(fields.checked(ROLES, () -> UserRole.ofWord(BodyFields.shorten(word)))));
        return roles;
    }

    private User user(String name) {
        return store.user(name)
                .orElseThrow(() -> ApiException.notFound(
                        "there is no user '" + BodyFields.shorten(name) + "', expected the name of one"));
    }

    private void show(Context request) {
        write(request, user(request.pathParam(NAME)));
    }

    private static void write(Context answer, User user) {
        EntityTag.put(answer, user.version());
        JsonResponseWriter.write(answer, json(user));
    }

    private void update(Context request) {
        long version = EntityTag.required(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(ROLES, ACTIVE));
        Optional<Set<UserRole>> roles = fields.names().contains(ROLES) ? Optional.of(roles(fields)) : Optional.empty();
        Optional<Boolean> active = fields.truth(ACTIVE);
        if (fields.isRemoved(ACTIVE)) {
            throw fields.invalid(ACTIVE, ACTIVE + " is null, expected true or false");
        }
        User known = user(request.pathParam(NAME));
        if (known.version() != version) {
            throw stale(version, known);
        }
        User changed = known.withRoles(roles.orElse(known.roles())).withActive(active.orElse(known.isActive()));
        check(store.change(changed), version, known.name());
        if (!changed.isActive()) {
            loginSessions.endAll(known.name(), Optional.empty());
        }
        write(request, user(known.name()));
    }

    private static ApiException stale(long seen, User now) {
        return EntityTag.stale(seen, now.version(), json(now), List.of());
    }

    private void check(AccessChange result, long seen, String name) {
        switch (result) {
            case DONE -> {}
            case MISSING, STALE -> throw stale(seen, user(name));
            case LAST_ADMIN ->
                throw new ApiException(
                        409, "last-admin", "'" + name + "' is the last active admin, expected another one", null, null);
        }
    }

    private void remove(Context request) {
        long version = EntityTag.required(request);
        String name = request.pathParam(NAME);
        user(name);
        check(store.remove(name, version), version, name);
        loginSessions.endAll(name, Optional.empty());
        request.status(204);
    }

    private void reset(Context request) {
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(PASSWORD));
        String password = fields.requiredText(PASSWORD);
        String name = request.pathParam(NAME);
        user(name);
        PersonLoginApi.refuseWeak(password, name);
        String hash = passwords.hash(password);
        // Another change of the user at the same time does not keep the password from being set.
        AccessChange result = AccessChange.STALE;
        while (result == AccessChange.STALE) {
            result = store.change(user(name).withPassword(hash, time.wallTime()));
        }
        check(result, 0, name);
        loginSessions.endAll(name, Optional.empty());
        request.status(204);
    }

    private void removeFactor(Context request) {
        String name = user(request.pathParam(NAME)).name();
        if (!store.removeSecondFactor(name)) {
            throw ApiException.notFound("'" + name + "' has no authenticator app, expected a user with one");
        }
        loginSessions.endAll(name, Optional.empty());
        request.status(204);
    }

    private void roles(Context request) {
        SortedSet<String> all = new TreeSet<>();
        operations.get().forEach(operation -> all.add(operation.permission().name()));
        ObjectNode answer = JsonResponseWriter.object();
        ArrayNode roles = answer.putArray(ROLES);
        for (UserRole role : UserRole.values()) {
            ArrayNode permissions = roles.addObject().put("role", role.word()).putArray("permissions");
            all.stream()
                    .filter(name -> name.contains(":"))
                    .filter(name -> RolePermissions.allows(Set.of(role), name))
                    .forEach(permissions::add);
        }
        JsonResponseWriter.write(request, answer);
    }

    static ObjectNode json(User user) {
        ObjectNode json = JsonResponseWriter.object().put(NAME, user.name());
        ArrayNode roles = json.putArray(ROLES);
        List<UserRole> sorted = new ArrayList<>(user.roles());
        sorted.sort(null);
        sorted.forEach(role -> roles.add(role.word()));
        return json.put(ACTIVE, user.isActive())
                .put("createdAt", user.createdAt().toString())
                .put("passwordAt", user.passwordAt().toString())
                .put("version", user.version());
    }
}
