package dev.architect.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.node.NodeInfo;
import dev.architect.node.NodeRecord;
import dev.architect.node.NodeState;
import dev.architect.pool.Pins;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.testkit.time.ManualTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which node has the buckets of pinned tasks, by a document that all nodes share. */
final class PinsTest {

    private static final Set<String> TYPES = Set.of("work");

    private final InMemoryStore store = new InMemoryStore(new ManualTime());
    private final Map<Long, Pins> nodes = new HashMap<>();

    private long join(String name) {
        long node = store.nodes().join(NodeInfo.named(name).with("", TYPES));
        nodes.put(node, new Pins(store.cluster()));
        return node;
    }

    private void look(long node) {
        List<NodeRecord> all = store.nodes().nodes();
        Map<Long, String> names = new HashMap<>();
        all.stream()
                .filter(each -> each.state() == NodeState.LIVE)
                .forEach(each -> names.put(each.incarnation(), each.info().name()));
        pins(node).look(all, names, node, TYPES);
    }

    private Pins pins(long node) {
        return Objects.requireNonNull(nodes.get(node));
    }

    private long bucketsOf(long node) {
        return pins(node).of(node).getOrDefault("work", 0L);
    }

    @Test
    void nothingIsTakenBeforeATypeHasPinnedTasks() {
        long one = join("one");
        look(one);

        assertThat(bucketsOf(one)).isZero();
        assertThat(store.cluster().documents("")).isEmpty();
    }

    @Test
    void eachBucketHasOneNodeAndNoNodeMuchMoreThanItsShare() {
        Pins.name(store.cluster(), TYPES);
        List<Long> all = List.of(join("one"), join("two"), join("three"));
        all.forEach(this::look);

        assertThat(all.stream().mapToLong(this::bucketsOf).reduce(0, (some, more) -> {
                    assertThat(some & more).isZero();
                    return some | more;
                }))
                .isEqualTo(-1L);
        assertThat(all).allMatch(node -> Long.bitCount(bucketsOf(node)) <= 27);
    }

    @Test
    void aNodeThatEndsLeavesItsBucketsToOthersWhichKeepTheirs() {
        Pins.name(store.cluster(), TYPES);
        long one = join("one");
        long two = join("two");
        look(one);
        look(two);
        long before = bucketsOf(one);

        store.nodes().leave(two);
        look(one);
        assertThat(bucketsOf(one)).isEqualTo(-1L);
        long again = join("two");
        look(again);
        look(one);

        assertThat(bucketsOf(one)).isEqualTo(-1L);
        assertThat(bucketsOf(again)).isZero();
        assertThat(Long.bitCount(before)).isBetween(24, 40);
        // What an incarnation has taken counts for no other one of the same node.
        assertThat(pins(one).of(one + 1)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noTwoLivingNodesEverHaveABucketTogether(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Pins.name(store.cluster(), TYPES);
        List<Long> living = new ArrayList<>();
        for (int step = 0; step < 300; step++) {
            int kind = random.nextInt(10);
            if (kind == 0 && living.size() < 5) {
                living.add(join("node-" + random.nextInt(6) + "-" + step));
            } else if (kind == 1 && !living.isEmpty()) {
                store.nodes().leave(living.remove(random.nextInt(living.size())));
            } else if (!living.isEmpty()) {
                look(living.get(random.nextInt(living.size())));
            }
            long taken = 0;
            for (long node : living) {
                assertThat(taken & bucketsOf(node))
                        .as("seed %d, step %d", seed, step)
                        .isZero();
                taken |= bucketsOf(node);
            }
        }
        for (int round = 0; round < 2; round++) {
            living.forEach(this::look);
        }

        assertThat(living.stream().mapToLong(this::bucketsOf).reduce(0, (some, more) -> some | more))
                .as("seed %d", seed)
                .isEqualTo(living.isEmpty() ? 0 : -1L);
    }
}
