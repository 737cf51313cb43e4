package dev.architect.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlacementTest {

    private static final List<String> NODES = List.of("a", "b", "c", "d", "e");
    private static final int KEYS = 10_000;

    @Test
    void everyOneWhoKnowsTheSameNodesHasTheSameOrder() {
        for (int key = 0; key < 100; key++) {
            List<String> order = Placement.order("key-" + key, NODES);
            assertThat(order).containsExactlyInAnyOrderElementsOf(NODES);
            assertThat(Placement.order("key-" + key, List.of("e", "d", "c", "b", "a")))
                    .isEqualTo(order);
        }
    }

    @Test
    void aNodeThatGoesMovesOnlyItsOwnKeys() {
        List<String> rest = List.of("a", "b", "d", "e");
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            String before = Placement.order("key-" + key, NODES).get(0);
            String after = Placement.order("key-" + key, rest).get(0);
            if (!before.equals("c")) {
                assertThat(after).isEqualTo(before);
            } else {
                moved++;
            }
        }
        assertThat(moved).isBetween(KEYS / 5 - 300, KEYS / 5 + 300);
    }

    @Test
    void keysAreSpreadEvenly() {
        Map<String, Integer> counts = new TreeMap<>();
        for (int key = 0; key < KEYS; key++) {
            counts.merge(Placement.order("key-" + key, NODES).get(0), 1, Integer::sum);
        }
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(1_800, 2_200));
    }

    @Test
    void noNodeCarriesMoreThanItsShareAndAQuarter() {
        Map<String, Integer> loads = new HashMap<>();
        NODES.forEach(node -> loads.put(node, 0));
        // One key alone would put everything on one node.
        IntStream.range(0, 1_000)
                .forEach(i ->
                        loads.merge(Placement.choose("the same", loads, Placement.DEFAULT_SLACK), 1, Integer::sum));

        assertThat(loads.values()).allSatisfy(load -> assertThat(load).isBetween(0, 250));
        assertThat(loads.get(Placement.order("the same", NODES).get(0))).isEqualTo(250);
    }

    @Test
    void refusesWhatIsNoLoad() {
        assertThatThrownBy(() -> Placement.choose("key", Map.of(), 0.25)).hasMessageContaining("at least one node");
        assertThatThrownBy(() -> Placement.choose("key", Map.of("a", -1), 0.25))
                .hasMessageContaining("load of 'a' is -1");
        assertThatThrownBy(() -> Placement.choose("key", Map.of("a", 1), Double.NaN))
                .hasMessageContaining("slack is NaN");
    }
}
