package dev.architect.server.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.server.operation.Parameter.Place;
import dev.architect.server.rest.Creations;
import dev.architect.server.rest.EntityTag;
import dev.architect.server.rest.JsonBodyReader;
import dev.architect.server.rest.JsonResponseWriter;
import io.javalin.http.HandlerType;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes operations as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.1). Stateless. */
final class OpenApiDocument {

    private static final String DESCRIPTION = "description";
    private static final String SCHEMA = "schema";
    private static final String CONTENT = "content";

    private OpenApiDocument() {}

    static ObjectNode write(List<Operation> operations, String version) {
        ObjectNode document = JsonResponseWriter.object().put("openapi", "3.1.1");
        document.putObject("info")
                .put("title", "Architect")
                .put("version", version)
                .put(DESCRIPTION, "Tasks, routes, costs and nodes of one server.");
        document.putArray("servers").addObject().put("url", "/");
        tags(document.putArray("tags"), operations);
        ObjectNode paths = document.putObject("paths");
        TreeMap<String, ObjectNode> named = new TreeMap<>(ProblemSchema.PROBLEM.named());
        for (Operation operation : operations) {
            ObjectNode path = paths.withObjectProperty(operation.path());
            path.set(operation.method().name().toLowerCase(Locale.ROOT), write(operation));
            operation.parameters().forEach(each -> named.putAll(each.schema().named()));
            operation.body().ifPresent(body -> named.putAll(body.named()));
            operation.ownErrors().ifPresent(form -> named.putAll(form.named()));
            operation
                    .answers()
                    .values()
                    .forEach(answer -> answer.schema().ifPresent(schema -> named.putAll(schema.named())));
        }
        ObjectNode components = document.putObject("components");
        ObjectNode schemas = components.putObject("schemas");
        named.forEach(schemas::set);
        ObjectNode schemes = components.putObject("securitySchemes");
        schemes.putObject("token")
                .put("type", "http")
                .put("scheme", "bearer")
                .put(DESCRIPTION, "The access token of the server.");
        return document;
    }

    private static void tags(ArrayNode tags, List<Operation> operations) {
        SortedSet<String> areas = new TreeSet<>();
        operations.forEach(operation -> areas.add(operation.permission().area()));
        areas.forEach(area -> tags.addObject().put("name", area));
    }

    private static ObjectNode write(Operation operation) {
        ObjectNode json =
                JsonResponseWriter.object().put("operationId", operation.id()).put("summary", operation.summary());
        json.putArray("tags").add(operation.permission().area());
        json.put("x-permission", operation.permission().name()).put("x-audit", operation.auditName());
        ArrayNode security = json.putArray("security");
        if (operation.permission().access() != Permission.Access.PUBLIC) {
            security.addObject().putArray("token");
        }
        if (!operation.parameters().isEmpty()) {
            ArrayNode parameters = json.putArray("parameters");
            operation.parameters().forEach(each -> parameters.add(write(each)));
        }
        operation.body().ifPresent(form -> {
            ObjectNode body = json.putObject("requestBody").put("required", operation.needsBody());
            ObjectNode content = body.putObject(CONTENT);
            content.putObject(Answer.JSON).set(SCHEMA, form.json());
            if (operation.method().equals(HandlerType.PATCH)) {
                content.putObject(JsonBodyReader.MERGE_PATCH).set(SCHEMA, form.json());
            }
        });
        ObjectNode responses = json.putObject("responses");
        operation
                .answers()
                .forEach((status, answer) ->
                        responses.set(Integer.toString(status), write(answer, operation.isCreating())));
        operation
                .problems()
                .forEach((status, codes) -> responses.set(Integer.toString(status), refusal(operation, codes)));
        responses.set("default", refusal(operation, Set.of()));
        return json;
    }

    private static ObjectNode write(Parameter parameter) {
        ObjectNode json = JsonResponseWriter.object()
                .put("name", parameter.name())
                .put("in", parameter.place().word())
                .put(
                        "required",
                        parameter.place() == Place.PATH || parameter.name().equals(EntityTag.IF_MATCH))
                .put(DESCRIPTION, parameter.description());
        json.set(SCHEMA, parameter.schema().json());
        return json;
    }

    private static ObjectNode write(Answer answer, boolean mayBeReplayed) {
        ObjectNode json = JsonResponseWriter.object().put(DESCRIPTION, answer.description());
        if (mayBeReplayed) {
            ObjectNode replayed = json.putObject("headers").putObject(Creations.REPLAYED);
            replayed.put(DESCRIPTION, "Is 'true' where the answer was given before and nothing was created now.");
            replayed.putObject(SCHEMA).put("type", "string");
        }
        answer.type().ifPresent(type -> {
            ObjectNode content = json.putObject(CONTENT).putObject(type);
            answer.schema().ifPresent(schema -> content.set(SCHEMA, schema.json()));
        });
        return json;
    }

    private static ObjectNode refusal(Operation operation, Set<String> codes) {
        ObjectNode json = JsonResponseWriter.object()
                .put(
                        DESCRIPTION,
                        codes.isEmpty()
                                ? "The server could not answer: it is busy, stops, or failed."
                                : "Refused: " + String.join(", ", new TreeSet<>(codes)) + ".");
        ObjectNode content = json.putObject(CONTENT);
        Schema form = operation.ownErrors().orElse(ProblemSchema.PROBLEM);
        String type = operation.ownErrors().isPresent() ? Answer.JSON : ProblemSchema.TYPE;
        content.putObject(type).set(SCHEMA, form.json());
        return json;
    }
}
