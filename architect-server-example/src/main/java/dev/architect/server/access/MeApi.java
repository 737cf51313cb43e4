package dev.architect.server.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.access.AccessChange;
import dev.architect.access.AccessStore;
import dev.architect.access.SecondFactor;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The resource {@code /api/me}: as whom a client is known here, and what it may do. */
public final class MeApi {

    private static final String PATH = "/api/me";
    private static final String PREFERENCES = "preferences";

    private final Optional<AccessStore> store;
    private final Supplier<List<Operation>> operations;

    /** Creates the resource; {@code operations} are asked for with each request. */
    public MeApi(Optional<AccessStore> store, Supplier<List<Operation>> operations) {
        this.store = store;
        this.operations = operations;
    }

    /** Its operations. */
    public List<Operation> operations() {
        Schema me = Schema.object()
                .required("kind", Schema.words("token", "login", "agent"))
                .required("actor", Schema.text().described("How the audit calls the caller."))
                .optional("name", Schema.text().described("The name of a user."))
                .required("roles", Schema.list(Schema.text()))
                .required("permissions", Schema.list(Schema.text()))
                .optional("secondFactor", Schema.truth().described("Whether logins of the user ask for a code."))
                .optional("recoveryCodes", Schema.integer().described("How many the user has left."))
                .optional("passkeys", Schema.integer().described("How many passkeys the user has."))
                .optional(PREFERENCES, Schema.map(Schema.any()).described("What a user has chosen, for the pages."))
                .open()
                .named("Me");
        return List.of(
                Operation.get("getMe", PATH, Permission.ANY_LOGIN, this::show)
                        .summary("Shows as whom the caller is known, and what it may do.")
                        .answer(200, "The caller.", me),
                Operation.patch("updateMe", PATH, Permission.act("self"), this::update)
                        .summary("Keeps what a user has chosen, for the pages.")
                        .ifMatch()
                        .body(Schema.object()
                                .required(PREFERENCES, Schema.map(Schema.any()))
                                .closed())
                        .answer(200, "The caller.", me)
                        .refuses(409, "no-login"));
    }

    private void update(Context request) {
        long version = EntityTag.required(request);
        BodyFields fields = new BodyFields(JsonBodyReader.read(request), "");
        fields.rejectUnknown(Set.of(PREFERENCES));
        ObjectNode chosen = JsonResponseWriter.parsed(fields.json(Set.of(PREFERENCES)))
                .map(body -> body.get(PREFERENCES))
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseThrow(() -> fields.invalid(PREFERENCES, PREFERENCES + " is no object, expected one"));
        User known = user(request)
                .orElseThrow(() -> new ApiException(
                        409, "no-login", "the caller is no user, expected one who has logged in", null, null));
        if (known.version() != version) {
            throw stale(request, version, known);
        }
        String merged = merged(preferences(known), chosen).toString();
        if (merged.length() > User.MAX_PREFERENCES) {
            throw fields.invalid(
                    PREFERENCES,
                    PREFERENCES + " have " + merged.length() + " characters, expected at most " + User.MAX_PREFERENCES);
        }
        if (store.orElseThrow().change(known.withPreferences(merged)) != AccessChange.DONE) {
            throw stale(request, version, store.orElseThrow().user(known.name()).orElse(known));
        }
        show(request);
    }

    private ApiException stale(Context request, long seen, User now) {
        return EntityTag.stale(seen, now.version(), json(request), List.of(PREFERENCES));
    }

    /** RFC 7396 over the names alone: what is null is removed, what is not named stays. */
    private static ObjectNode merged(ObjectNode known, ObjectNode chosen) {
        chosen.properties().forEach(field -> {
            if (field.getValue().isNull()) {
                known.remove(field.getKey());
            } else {
                known.set(field.getKey(), field.getValue());
            }
        });
        return known;
    }

    private static ObjectNode preferences(User user) {
        return JsonResponseWriter.parsed(user.preferences())
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseGet(JsonResponseWriter::object);
    }

    private void show(Context request) {
        // As it is in the store: what a login knows may be a second old.
        user(request).ifPresent(user -> EntityTag.put(request, user.version()));
        JsonResponseWriter.write(request, json(request));
    }

    private Optional<User> user(Context request) {
        return AccessFilter.principal(request).user().flatMap(user -> store.flatMap(users -> users.user(user.name())));
    }

    private ObjectNode json(Context request) {
        Principal caller = AccessFilter.principal(request);
        ObjectNode answer = JsonResponseWriter.object();
        answer.put(
                "kind",
                switch (caller.kind()) {
                    case TOKEN -> "token";
                    case LOGIN -> "login";
                    case AGENT -> "agent";
                });
        answer.put("actor", caller.actor());
        caller.user().map(User::name).ifPresent(name -> answer.put("name", name));
        caller.user()
                .flatMap(user -> store.flatMap(users -> users.secondFactor(user.name())))
                .filter(SecondFactor::isConfirmed)
                .ifPresentOrElse(
                        factor -> answer.put("secondFactor", true)
                                .put("recoveryCodes", factor.recovery().size()),
                        () -> caller.user().ifPresent(user -> answer.put("secondFactor", false)));
        caller.user()
                .flatMap(user -> store.map(users -> users.passkeys(user.name()).size()))
                .ifPresent(count -> answer.put("passkeys", count));
        ArrayNode roles = answer.putArray("roles");
        caller.roles().stream().map(UserRole::word).sorted().forEach(roles::add);
        SortedSet<String> names = new TreeSet<>();
        operations.get().stream()
                .map(operation -> operation.permission().name())
                .filter(name -> name.contains(":") && caller.may(name))
                .forEach(names::add);
        ArrayNode permissions = answer.putArray("permissions");
        names.forEach(permissions::add);
        user(request).ifPresent(user -> answer.set(PREFERENCES, preferences(user)));
        return answer;
    }
}
