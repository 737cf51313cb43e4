package dev.architect.store.jdbi;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.node.NodeInfo;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a node states about itself, as the JSON object of a column. What is missing reads as empty, what is unknown is passed over. */
public final class NodeInfoText {

    private static final String VERSION = "version";
    private static final String CAPABILITIES = "capabilities";
    private static final String MEMBER = "member";
    private static final String ADDRESS = "address";

    private NodeInfoText() {}

    /** Returns the text, without the name, which has a column of its own. */
    public static String write(NodeInfo info) {
        Map<String, Object> fields = new TreeMap<>();
        fields.put(VERSION, info.version());
        fields.put(CAPABILITIES, new TreeSet<>(info.capabilities()).stream().toList());
        fields.put(MEMBER, info.member());
        fields.put(ADDRESS, info.address());
        return String.valueOf(StoredText.encode(JsonText.write(fields)));
    }

    /** Reads what {@link #write} wrote; null, of an older version, is a node of which only the name is known. */
    public static NodeInfo read(String name, @Nullable String text) {
        if (text == null) {
            return NodeInfo.named(name);
        }
        JsonFields fields = JsonFields.parse(String.valueOf(StoredText.decode(text)));
        return new NodeInfo(
                name,
                fields.text(VERSION).orElse(""),
                fields.has(CAPABILITIES) ? new HashSet<>(fields.texts(CAPABILITIES)) : new HashSet<>(),
                fields.text(MEMBER).orElse(""),
                fields.text(ADDRESS).orElse(""));
    }
}
