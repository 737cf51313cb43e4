package dev.architect.server.gateway.dialect;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import java.util.ArrayList;
import java.util.List;

/** The turns of a request, oldest first, and the instructions above them. Used for one request. */
public final class Conversation {

    private final List<Message> turns = new ArrayList<>();
    private final StringBuilder instructions = new StringBuilder();

    /** Adds instructions; those of several messages stand in paragraphs of their own. */
    public void instruct(String text) {
        if (!instructions.isEmpty()) {
            instructions.append("\n\n");
        }
        instructions.append(text);
    }

    /** Adds parts of a turn; a turn without parts is left out. Parts of the same author in a row are one turn. */
    public void add(Role role, List<Part> parts) {
        if (parts.isEmpty()) {
            return;
        }
        Message last = turns.isEmpty() ? null : turns.get(turns.size() - 1);
        if (last == null || last.role() != role) {
            turns.add(new Message(role, parts));
            return;
        }
        List<Part> all = new ArrayList<>(last.parts());
        all.addAll(parts);
        turns.set(turns.size() - 1, new Message(role, all));
    }

    /** Returns a request of all turns, which stand in {@code field}. */
    public ChatRequest.Builder begin(ClientFields body, String field) {
        if (turns.isEmpty()) {
            throw body.invalid(field, field + " has no message of a user, expected one");
        }
        Message last = turns.get(turns.size() - 1);
        if (last.role() != Role.USER) {
            throw body.notMapped(field, field + " ends with an answer, expected it to end with a message of the user");
        }
        return ChatRequest.builder(last)
                .earlier(turns.subList(0, turns.size() - 1))
                .system(instructions.isEmpty() ? null : instructions.toString());
    }
}
