package dev.architect.provider.openai;

import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * The messages of one role in a row, in the order that OpenAI takes: results of tools come right after the calls,
 * before any other content of the user.
 *
 * @param role the author
 * @param parts the content, without empty texts
 */
record OpenAiTurn(Role role, List<Part> parts) {

    /** Copies the parts. */
    OpenAiTurn {
        parts = List.copyOf(parts);
    }

    /** The turns of a conversation; messages of one role in a row are one turn. */
    static List<OpenAiTurn> of(OpenAiCall call) {
        List<OpenAiTurn> turns = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        List<Message> messages = call.request().messages();
        for (int index = 0; index < messages.size(); index++) {
            Role role = messages.get(index).role();
            parts.addAll(messages.get(index).parts());
            if (index + 1 == messages.size() || messages.get(index + 1).role() != role) {
                turns.add(new OpenAiTurn(role, inOrder(parts)));
                parts.clear();
            }
        }
        return turns;
    }

    /** Results first; a cache breakpoint stays behind what it stands behind. */
    private static List<Part> inOrder(List<Part> parts) {
        List<Part> first = new ArrayList<>();
        List<Part> then = new ArrayList<>();
        List<Part> last = first;
        for (Part part : parts) {
            if (part instanceof Part.Text text && text.text().isEmpty()) {
                continue;
            }
            if (!(part instanceof Part.CacheBreakpoint)) {
                last = part instanceof Part.ToolResult ? first : then;
            }
            last.add(part);
        }
        first.addAll(then);
        return first;
    }

    /** What a tool gave, with a word before it when it failed: OpenAI has no field for that. */
    static String text(Part.ToolResult result) {
        return result.isError() ? "Error: " + result.text() : result.text();
    }
}
