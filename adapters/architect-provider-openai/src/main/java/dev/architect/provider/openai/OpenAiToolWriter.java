package dev.architect.provider.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.OutputSchema;
import dev.architect.chat.Tool;
import dev.architect.chat.ToolChoice;

/** Writes tools, their choice and the schema of the answer: nested in Chat Completions, flat in Responses. */
final class OpenAiToolWriter {

    private OpenAiToolWriter() {}

    /** Arguments are not held to the schema by force: that would refuse schemas with optional properties. */
    static void write(OpenAiCall call, OpenAiApi api, ObjectNode body) {
        if (call.request().toolset().tools().isEmpty()) {
            return;
        }
        ArrayNode tools = body.putArray("tools");
        for (Tool tool : call.request().toolset().tools()) {
            ObjectNode function = nest(tools.addObject().put("type", "function"), api, "function");
            function.put("name", tool.name());
            if (!tool.description().isEmpty()) {
                function.put("description", tool.description());
            }
            function.set("parameters", call.http().toolSchema(call.call(), tool));
            if (api == OpenAiApi.RESPONSES) {
                // The Responses API is strict unless told otherwise, Chat Completions is not.
                function.put("strict", false);
            }
        }
        ToolChoice choice = call.request().toolset().choice();
        switch (choice.mode()) {
            case AUTO -> {}
            case REQUIRED -> body.put("tool_choice", "required");
            case NONE -> body.put("tool_choice", "none");
            case NAMED ->
                nest(body.putObject("tool_choice").put("type", "function"), api, "function")
                        .put("name", choice.name().orElse(null));
        }
        if (choice.parallel() == ToolChoice.Parallel.FORBIDDEN) {
            body.put("parallel_tool_calls", false);
        }
    }

    /** Answers are held to the schema by force. */
    static void writeSchema(OpenAiCall call, OpenAiApi api, OutputSchema schema, ObjectNode format) {
        ObjectNode form = nest(format.put("type", "json_schema"), api, "json_schema");
        form.put("name", schema.name()).put("strict", true);
        form.set("schema", call.object("schema of " + schema.name(), schema.schema()));
    }

    private static ObjectNode nest(ObjectNode outer, OpenAiApi api, String name) {
        return api == OpenAiApi.RESPONSES ? outer : outer.putObject(name);
    }
}
