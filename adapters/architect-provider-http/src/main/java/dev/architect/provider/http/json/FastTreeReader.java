package dev.architect.provider.http.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Builds trees of JSON as Jackson's own {@code readTree} does, with {@link CompactObjectFields} in the objects and without what its
 * general deserializers allocate for each text. It keeps its own stack, so the depth of a value is no depth of calls.
 */
final class FastTreeReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Object[] EMPTY_STACK = {};
    private static final int INITIAL_DEPTH = 8;

    private final JsonParser in;
    private Object[] stack = EMPTY_STACK;
    private int depth;

    private FastTreeReader(JsonParser in) {
        this.in = in;
    }

    /**
     * Returns the object that is all there is in {@code in}, or null when there is something else or more.
     *
     * @throws IOException when it is no JSON, breaks a limit, or cannot be read
     */
    static @Nullable ObjectNode object(JsonParser in) throws IOException {
        if (in.nextToken() != JsonToken.START_OBJECT) {
            return null;
        }
        CompactObjectFields fields = new CompactObjectFields();
        new FastTreeReader(in).fill(fields);
        // More behind the object means that this is not one answer; Jackson's FAIL_ON_TRAILING_TOKENS rejects it too.
        return in.nextToken() == null ? new ObjectNode(NODES, fields) : null;
    }

    private void fill(CompactObjectFields root) throws IOException {
        Object open = root;
        while (true) {
            String name = "";
            if (open instanceof CompactObjectFields) {
                String next = in.nextFieldName();
                if (next == null) {
                    if (depth == 0) {
                        return;
                    }
                    open = stack[--depth];
                    continue;
                }
                name = next;
            }
            JsonToken token = in.nextToken();
            switch (token) {
                case START_OBJECT -> {
                    CompactObjectFields inner = new CompactObjectFields();
                    // Attached before it is filled: the stack then holds only what is still open, and no value must be
                    // carried back.
                    add(open, name, new ObjectNode(NODES, inner));
                    push(open);
                    open = inner;
                }
                case START_ARRAY -> {
                    ArrayNode inner = NODES.arrayNode();
                    add(open, name, inner);
                    push(open);
                    open = inner;
                }
                case END_ARRAY -> open = stack[--depth];
                default -> add(open, name, value(token));
            }
        }
    }

    private void push(Object open) {
        if (depth == stack.length) {
            stack = Arrays.copyOf(stack, Math.max(INITIAL_DEPTH, depth * 2));
        }
        stack[depth++] = open;
    }

    private static void add(Object open, String name, JsonNode value) {
        if (open instanceof CompactObjectFields fields) {
            fields.put(name, value);
        } else {
            ((ArrayNode) open).add(value);
        }
    }

    private JsonNode value(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING -> TextNode.valueOf(in.getText());
            case VALUE_NUMBER_INT ->
                switch (in.getNumberType()) {
                    // The smallest type that fits, as Jackson's own reader chooses it, so that trees of both are equal.
                    case INT -> NODES.numberNode(in.getIntValue());
                    case LONG -> NODES.numberNode(in.getLongValue());
                    default -> NODES.numberNode(in.getBigIntegerValue());
                };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(stripped(in.getDecimalValue()));
            case VALUE_TRUE -> BooleanNode.TRUE;
            case VALUE_FALSE -> BooleanNode.FALSE;
            default -> NullNode.instance;
        };
    }

    private static BigDecimal stripped(BigDecimal value) {
        // As Jackson's own reader strips them (STRIP_TRAILING_BIGDECIMAL_ZEROES), so that trees of both are equal.
        return value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    }
}
