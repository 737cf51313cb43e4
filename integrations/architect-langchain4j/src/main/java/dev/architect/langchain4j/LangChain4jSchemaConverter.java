package dev.architect.langchain4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Tool;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import java.util.Optional;

/**
 * JSON Schema as text and as LangChain4j's elements. What converts losslessly in LangChain4j's public surface is the JSON of a
 * tool, so schemas go through one.
 */
final class LangChain4jSchemaConverter {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EMPTY = "{\"type\":\"object\",\"properties\":{}}";
    private static final String ONLY = "only";

    private LangChain4jSchemaConverter() {}

    /** The tool as one of LangChain4j; empty when LangChain4j cannot express its schema. */
    static Optional<ToolSpecification> specification(Tool tool) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", tool.name());
        if (!tool.description().isBlank()) {
            json.put("description", tool.description());
        }
        try {
            JsonNode schema = JSON.readTree(tool.inputSchema());
            // LangChain4j reads no schema that leaves its type open, as those of tools without parameters may.
            if (schema instanceof ObjectNode root && !root.hasNonNull("type")) {
                root.put("type", "object");
            }
            json.set("parameters", schema);
            return Optional.of(ToolSpecification.fromJson(json.toString()));
        } catch (JsonProcessingException | RuntimeException notAnObject) {
            return Optional.empty();
        }
    }

    /** The tool as one of Architect. */
    static Tool tool(ToolSpecification specification) {
        JsonNode parameters = json(specification).path("parameters");
        return new Tool(
                specification.name(),
                specification.description() == null ? "" : specification.description(),
                parameters.isObject() ? parameters.toString() : EMPTY);
    }

    /** The schema as an element that every integration takes, or raw where LangChain4j cannot express it. */
    static JsonSchemaElement element(String schema) {
        return specification(new Tool(ONLY, "", schema))
                .<JsonSchemaElement>map(ToolSpecification::parameters)
                .orElseGet(() -> JsonRawSchema.from(schema));
    }

    /** The element as text. */
    static String text(JsonSchemaElement element) {
        if (element instanceof JsonObjectSchema) {
            return json(specification((JsonObjectSchema) element))
                    .path("parameters")
                    .toString();
        }
        JsonObjectSchema around =
                JsonObjectSchema.builder().addProperty(ONLY, element).build();
        return json(specification(around))
                .path("parameters")
                .path("properties")
                .path(ONLY)
                .toString();
    }

    private static ToolSpecification specification(JsonObjectSchema parameters) {
        return ToolSpecification.builder().name(ONLY).parameters(parameters).build();
    }

    private static JsonNode json(ToolSpecification specification) {
        try {
            return JSON.readTree(specification.toJson());
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("a tool's JSON cannot be read", broken);
        }
    }
}
