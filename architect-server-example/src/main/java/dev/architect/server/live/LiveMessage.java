package dev.architect.server.live;

import dev.architect.change.ChangePosition;
import dev.architect.json.JsonText;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to a client: one JSON object.
 *
 * @param type its word
 * @param json the object
 * @param position what a client that has it knows; empty while more of it follows
 */
record LiveMessage(String type, String json, Optional<ChangePosition> position) {

    /** About so many characters has the longest message. */
    static final int MAX_CHARACTERS = 200_000;

    /** The first message of a WebSocket. */
    static LiveMessage hello(ChangePosition position, int heartbeatSeconds, String user) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "hello");
        fields.put("era", position.era());
        fields.put("seq", position.sequence());
        fields.put("heartbeatSeconds", heartbeatSeconds);
        fields.put("user", user);
        return new LiveMessage("hello", JsonText.write(fields), Optional.empty());
    }

    /** Nothing has happened. */
    static LiveMessage heartbeat(ChangePosition position) {
        return new LiveMessage("heartbeat", "{" + head("heartbeat", null, position) + "}", Optional.of(position));
    }

    /** Some changes are not known: a snapshot follows. */
    static LiveMessage gap(String id) {
        return new LiveMessage("gap", JsonText.write(ordered("type", "gap", "id", id)), Optional.empty());
    }

    /** A subscription that is not made. */
    static LiveMessage refused(String id, String code, String detail) {
        return new LiveMessage(
                "refused",
                JsonText.write(ordered("type", "refused", "id", id, "code", code, "detail", detail)),
                Optional.empty());
    }

    private static Map<String, Object> ordered(String... pairs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put(pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    private static String head(String type, @Nullable String id, ChangePosition position) {
        return "\"type\":\"" + type + "\"" + (id == null ? "" : ",\"id\":" + JsonText.write(id)) + ",\"era\":"
                + JsonText.write(position.era()) + ",\"seq\":" + position.sequence();
    }

    /** All things of a topic, in several messages when they are long; only the last one has a position. */
    static List<LiveMessage> snapshot(
            String id, Map<String, Optional<String>> items, boolean isWhole, ChangePosition position) {
        return parts("snapshot", id, items, isWhole, position);
    }

    /**
     * Things that are new or not as they were, and keys of those that are gone.
     *
     * @param items by key, empty for one that is gone
     * @param isWhole whether things are sent, and not their keys alone
     */
    static List<LiveMessage> change(
            String id, Map<String, Optional<String>> items, boolean isWhole, ChangePosition position) {
        return parts("change", id, items, isWhole, position);
    }

    private static List<LiveMessage> parts(
            String first, String id, Map<String, Optional<String>> items, boolean isWhole, ChangePosition position) {
        List<LiveMessage> messages = new ArrayList<>();
        Iterator<Map.Entry<String, Optional<String>>> left = items.entrySet().iterator();
        do {
            String type = messages.isEmpty() ? first : "change";
            StringBuilder put = new StringBuilder();
            StringBuilder gone = new StringBuilder();
            while (left.hasNext() && put.length() < MAX_CHARACTERS) {
                Map.Entry<String, Optional<String>> item = left.next();
                String key = JsonText.write(item.getKey());
                if (isWhole && item.getValue().isEmpty()) {
                    gone.append(gone.isEmpty() ? "" : ",").append(key);
                } else {
                    put.append(put.isEmpty() ? "" : ",").append("{\"key\":").append(key);
                    if (isWhole) {
                        put.append(",\"item\":").append(item.getValue().orElseThrow());
                    }
                    put.append('}');
                }
            }
            String head = left.hasNext()
                    ? "\"type\":\"" + type + "\",\"id\":" + JsonText.write(id) + ",\"more\":true"
                    : head(type, id, position);
            String content = type.equals("snapshot")
                    ? "\"items\":[" + put + "]"
                    : "\"put\":[" + put + "],\"gone\":[" + gone + "]";
            messages.add(new LiveMessage(
                    type, "{" + head + "," + content + "}", left.hasNext() ? Optional.empty() : Optional.of(position)));
        } while (left.hasNext());
        return messages;
    }
}
