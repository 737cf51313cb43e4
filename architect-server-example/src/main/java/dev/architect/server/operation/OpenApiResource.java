package dev.architect.server.operation;

import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.Supplier;

/** The description of all operations for programs, {@code /openapi.json}. */
public final class OpenApiResource {

    private final Supplier<List<Operation>> operations;
    private final String version;
    private volatile byte[] written = new byte[0];

    /** Creates the resource; {@code operations} are asked for with the first request. */
    public OpenApiResource(Supplier<List<Operation>> operations, String version) {
        this.operations = operations;
        this.version = version;
    }

    /** Its operations. */
    public List<Operation> operations() {
        return List.of(Operation.get("getOpenApi", "/openapi.json", Permission.ANY_LOGIN, this::show)
                .summary("Describes all operations for programs (OpenAPI 3.1).")
                .answer(
                        200,
                        "The document.",
                        Schema.object()
                                .required("openapi", Schema.text())
                                .required(List.of("info", "components"), Schema.any())
                                .required(List.of("servers", "tags"), Schema.list(Schema.any()))
                                .required("paths", Schema.map(Schema.any()))
                                .open()));
    }

    private void show(Context request) {
        byte[] document = written;
        if (document.length == 0) {
            document = JsonResponseWriter.bytes(OpenApiDocument.write(operations.get(), version));
            written = document;
        }
        request.contentType(Answer.JSON).result(document);
    }
}
