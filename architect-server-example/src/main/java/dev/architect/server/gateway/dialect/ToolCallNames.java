package dev.architect.server.gateway.dialect;

import dev.architect.chat.Part;
import dev.architect.server.rest.ApiException;
import java.util.HashMap;
import java.util.Map;

/** The tools of the calls of a conversation: results name a call, and not its tool. Used for one request. */
public final class ToolCallNames {

    private final Map<String, String> names = new HashMap<>();

    /** Returns {@code call}, whose result may follow. */
    public Part.ToolCall add(Part.ToolCall call) {
        names.put(call.id(), call.name());
        return call;
    }

    /** Returns the result of a call that came before it. */
    public Part.ToolResult result(ClientFields fields, String idField, String text, boolean isError) {
        String id = fields.requiredText(idField);
        String name = names.get(id);
        if (name == null) {
            throw ApiException.invalidValue(
                    fields.path(idField),
                    fields.path(idField) + " is the id of no tool call before it, expected one of an earlier message");
        }
        return new Part.ToolResult(id, name, text, isError);
    }
}
