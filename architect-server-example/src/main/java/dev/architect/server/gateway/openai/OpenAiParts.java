package dev.architect.server.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Part;
import dev.architect.chat.ReasoningEffort;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.server.gateway.dialect.ClientFields;
import dev.architect.server.gateway.dialect.ClientMedia;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what chat completions and responses state in the same or nearly the same way. */
final class OpenAiParts {

    private static final Map<String, ReasoningEffort> EFFORTS = Map.of(
            "none", ReasoningEffort.NONE,
            "minimal", ReasoningEffort.MINIMAL,
            "low", ReasoningEffort.LOW,
            "medium", ReasoningEffort.MEDIUM,
            "high", ReasoningEffort.HIGH,
            "xhigh", ReasoningEffort.VERY_HIGH,
            "max", ReasoningEffort.MAX);

    private static final int MAX_USER_CHARACTERS = 128;
    private static final String NO_ARGUMENTS = "{\"type\":\"object\",\"properties\":{}}";

    private OpenAiParts() {}

    /** Returns the parts of a content that is a text or a list of typed parts. */
    static List<Part> content(ClientFields message, String name, List<String> ignored) {
        JsonNode content = message.get(name);
        if (content == null) {
            return List.of();
        }
        if (content.isTextual()) {
            return List.of(new Part.Text(content.textValue()));
        }
        List<Part> parts = new ArrayList<>();
        for (ClientFields part : message.objects(name)) {
            parts.add(part(part, ignored));
        }
        return parts;
    }

    private static Part part(ClientFields part, List<String> ignored) {
        String type = part.requiredText("type");
        return switch (type) {
            case "text", "input_text", "output_text" -> new Part.Text(part.requiredText("text"));
            case "refusal" -> new Part.Text(part.requiredText("refusal"));
            case "image_url" -> image(part.requiredObject("image_url"), "url", ignored);
            case "input_image" -> image(part, "image_url", ignored);
            case "file" -> file(part.requiredObject("file"));
            case "input_file" -> file(part);
            default ->
                throw part.notOneOf(
                        "type", type, "text, image_url and file, or input_text, input_image and input_file");
        };
    }

    private static Part image(ClientFields image, String field, List<String> ignored) {
        String detail = image.text("detail");
        if (detail != null && !detail.equals("auto")) {
            ignored.add(image.path("detail"));
        }
        return new Part.Image(ClientMedia.at(image, field, image.requiredText(field)));
    }

    private static Part file(ClientFields file) {
        String name = file.text("filename");
        String field = file.has("file_url") ? "file_url" : "file_data";
        String data = file.text(field);
        if (data == null) {
            throw file.notMapped(
                    "file_data",
                    file.path("file_data") + " is missing, expected the file itself: no files are kept here");
        }
        return new Part.Document(ClientMedia.at(file, field, data), name == null || name.isBlank() ? "file" : name);
    }

    /** Returns the texts of a content, joined; other parts are rejected. */
    static String text(ClientFields message, String name) {
        StringBuilder text = new StringBuilder();
        for (Part part : content(message, name, new ArrayList<>())) {
            if (!(part instanceof Part.Text piece)) {
                throw message.notMapped(name, message.path(name) + " has parts that are no text, expected text alone");
            }
            text.append(piece.text());
        }
        return text.toString();
    }

    /** Returns a function that the model may call, whose name, description and parameters are in {@code function}. */
    static Tool tool(ClientFields function, List<String> ignored) {
        if (function.has("strict")) {
            ignored.add(function.path("strict"));
        }
        String description = function.text("description");
        JsonNode parameters = function.get("parameters");
        return function.checked(
                "name",
                () -> new Tool(
                        function.requiredText("name"),
                        description == null ? "" : description,
                        parameters == null ? NO_ARGUMENTS : parameters.toString()));
    }

    /**
     * Returns the rule for calling tools.
     *
     * @param named finds the name of the tool in the object that states one
     */
    static ToolChoice choice(ClientFields body, NamedTool named) {
        JsonNode value = body.get("tool_choice");
        ToolChoice choice = ToolChoice.AUTO;
        if (value != null && value.isTextual()) {
            choice = switch (value.textValue()) {
                case "auto" -> ToolChoice.AUTO;
                case "none" -> ToolChoice.NONE;
                case "required" -> ToolChoice.REQUIRED;
                default -> throw body.notOneOf("tool_choice", value.textValue(), "auto, none, required, or a function");
            };
        } else if (value != null) {
            ClientFields one = body.requiredObject("tool_choice");
            if (!"function".equals(one.text("type"))) {
                throw one.notMapped("type", one.path("type") + " is not 'function', which alone can be followed");
            }
            choice = ToolChoice.named(named.of(one));
        }
        return body.truth("parallel_tool_calls", true) ? choice : choice.oneAtATime();
    }

    /** Where an object that names a tool has its name. */
    @FunctionalInterface
    interface NamedTool {
        String of(ClientFields choice);
    }

    /**
     * Returns the form of the answer, null for text.
     *
     * @param format the object with the type
     * @param schema finds name and schema in it
     */
    static @Nullable OutputSchema format(ClientFields format, NamedSchema schema) {
        String type = format.requiredText("type");
        return switch (type) {
            case "text" -> null;
            case "json_schema" -> {
                ClientFields named = schema.of(format);
                JsonNode tree = named.get("schema");
                if (tree == null) {
                    throw named.invalid("schema", named.path("schema") + " is missing, expected a JSON Schema");
                }
                yield named.checked("name", () -> new OutputSchema(named.requiredText("name"), tree.toString()));
            }
            default -> throw format.notOneOf("type", type, "text and json_schema");
        };
    }

    /** Where a format has its name and schema. */
    @FunctionalInterface
    interface NamedSchema {
        ClientFields of(ClientFields format);
    }

    /** Returns the effort, null when none is stated. */
    static @Nullable ReasoningEffort effort(ClientFields fields, String name) {
        String word = fields.text(name);
        if (word == null) {
            return null;
        }
        ReasoningEffort effort = EFFORTS.get(word);
        if (effort == null) {
            throw fields.notOneOf(name, word, "none, minimal, low, medium, high, xhigh, max");
        }
        return effort;
    }

    /** Returns the client's user, where the ledger can keep it. */
    static Optional<String> user(ClientFields body, List<String> ignored) {
        String user = body.text("user");
        if (user == null || user.isBlank() || user.length() > MAX_USER_CHARACTERS) {
            if (user != null) {
                ignored.add("user");
            }
            return Optional.empty();
        }
        return Optional.of(user);
    }

    /** Returns the metadata that the ledger can keep as tags; the rest is ignored. */
    static Map<String, String> tags(ClientFields body, List<String> ignored) {
        Map<String, String> tags = new HashMap<>();
        ClientFields metadata = body.object("metadata");
        if (metadata == null) {
            return tags;
        }
        metadata.json().properties().forEach(entry -> {
            if (!entry.getValue().isTextual()
                    || !isTag(entry.getKey(), entry.getValue().textValue())) {
                ignored.add(metadata.path(entry.getKey()));
            } else {
                tags.put(entry.getKey(), entry.getValue().textValue());
            }
        });
        return tags;
    }

    private static boolean isTag(String name, String value) {
        try {
            return !new Attribution(ProjectId.DEFAULT, Optional.empty(), Map.of(name, value))
                    .tags()
                    .isEmpty();
        } catch (IllegalArgumentException none) {
            return false;
        }
    }
}
