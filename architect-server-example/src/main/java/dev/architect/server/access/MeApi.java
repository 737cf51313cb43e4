package dev.architect.server.access;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.operation.Schema;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The resource {@code /api/me}: as whom a client is known here, and what it may do. */
public final class MeApi {

    private final Supplier<List<Operation>> operations;

    /** Creates the resource; {@code operations} are asked for with each request. */
    public MeApi(Supplier<List<Operation>> operations) {
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
                                .required("kind", Schema.words("token", "login"))
                                .required("permissions", Schema.list(Schema.text()))
                                .open()));
    }

    private void show(Context request) {
        boolean isLogin = AccessFilter.principal(request).login().isPresent();
        ObjectNode answer = JsonResponseWriter.object().put("kind", isLogin ? "login" : "token");
        // Whoever has the token may do everything.
        SortedSet<String> names = new TreeSet<>();
        operations.get().stream()
                .filter(operation -> operation.permission().name().contains(":"))
                .forEach(operation -> names.add(operation.permission().name()));
        ArrayNode permissions = answer.putArray("permissions");
        names.forEach(permissions::add);
        JsonResponseWriter.write(request, answer);
    }
}
