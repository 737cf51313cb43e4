package dev.architect.provider.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompactObjectFieldsTest {

    /** Names that meet in one bit, few and many fields, doubles and removals. */
    @Test
    void isTheMapThatALinkedHashMapIs() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            Map<String, JsonNode> expected = new LinkedHashMap<>();
            CompactObjectFields fields = new CompactObjectFields();
            int names = 1 + random.nextInt(200);
            for (int step = 0; step < 400; step++) {
                String name = "field" + random.nextInt(names);
                if (random.nextInt(5) == 0) {
                    assertThat(fields.remove(name)).isEqualTo(expected.remove(name));
                } else {
                    JsonNode value = IntNode.valueOf(step);
                    assertThat(fields.put(name, value)).isEqualTo(expected.put(name, value));
                }
                assertThat(fields.get("other" + step)).isNull();
                assertThat(fields.containsKey(name)).isEqualTo(expected.containsKey(name));
            }
            assertThat(fields).as("seed %d", seed).isEqualTo(expected).hasSameSizeAs(expected);
            assertThat(new ArrayList<>(fields.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
        }
    }
}
