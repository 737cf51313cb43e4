package dev.architect.server.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.access.AccessStore;
import dev.architect.access.SecondFactor;
import dev.architect.access.User;
import dev.architect.access.UserRole;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The resource {@code /api/me}: as whom a client is known here, and what it may do. */
public final class MeApi {

    private final Optional<AccessStore> store;
    private final Supplier<List<Operation>> operations;

    /** Creates the resource; {@code operations} are asked for with each request. */
    public MeApi(Optional<AccessStore> store, Supplier<List<Operation>> operations) {
        this.store = store;
        this.operations = operations;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get("getMe", "/api/me", Permission.ANY_LOGIN, this::show)
                .summary("Shows as whom the caller is known, and what it may do.")
                .answer(
                        200,
                        "The caller.",
                        Schema.object()
                                .required("kind", Schema.words("token", "login", "agent"))
                                .required("actor", Schema.text().described("How the audit calls the caller."))
                                .optional("name", Schema.text().described("The name of a user."))
                                .required("roles", Schema.list(Schema.text()))
                                .required("permissions", Schema.list(Schema.text()))
                                .optional(
                                        "secondFactor",
                                        Schema.truth().described("Whether logins of the user ask for a code."))
                                .optional("recoveryCodes", Schema.integer().described("How many the user has left."))
                                .open()));
    }

    private void show(Context request) {
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
        ArrayNode roles = answer.putArray("roles");
        caller.roles().stream().map(UserRole::word).sorted().forEach(roles::add);
        SortedSet<String> names = new TreeSet<>();
        operations.get().stream()
                .map(operation -> operation.permission().name())
                .filter(name -> name.contains(":") && caller.may(name))
                .forEach(names::add);
        ArrayNode permissions = answer.putArray("permissions");
        names.forEach(permissions::add);
        JsonResponseWriter.write(request, answer);
    }
}
