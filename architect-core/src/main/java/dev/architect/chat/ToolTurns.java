package dev.architect.chat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Checks that calls and results of tools belong together as every vendor demands: each call of a turn has one result in the
 * user's turn that follows, and each result such a call. Messages of one role in a row are one turn. Used for one request.
 */
final class ToolTurns {

    private final List<Part.ToolCall> open = new ArrayList<>();

    private ToolTurns() {}

    static void check(List<Message> messages) {
        ToolTurns turns = new ToolTurns();
        Role last = Role.ASSISTANT;
        for (Message message : messages) {
            if (message.role() == Role.ASSISTANT && last == Role.USER) {
                turns.checkNoneIsOpen();
            }
            last = message.role();
            message.parts().forEach(turns::add);
        }
        turns.checkNoneIsOpen();
    }

    private void add(Part part) {
        if (part instanceof Part.ToolCall call) {
            open.add(call);
        } else if (part instanceof Part.ToolResult result && !close(result.callId())) {
            throw new IllegalArgumentException("result of tool " + result.name() + " is for call '" + result.callId()
                    + "', expected the id of a call of the turn before it that has no result yet");
        }
    }

    private boolean close(String id) {
        for (Iterator<Part.ToolCall> calls = open.iterator(); calls.hasNext(); ) {
            if (calls.next().id().equals(id)) {
                calls.remove();
                return true;
            }
        }
        return false;
    }

    private void checkNoneIsOpen() {
        if (!open.isEmpty()) {
            Part.ToolCall call = open.get(0);
            throw new IllegalArgumentException("call '" + call.id() + "' of tool " + call.name()
                    + " has no result, expected one in the turn after it");
        }
    }
}
