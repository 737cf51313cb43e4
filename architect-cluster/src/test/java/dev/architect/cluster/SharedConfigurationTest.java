package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.error.StoreException;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.testkit.store.FaultyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class SharedConfigurationTest extends ClusterFixture {

    private static final Duration STEP = Duration.ofMillis(250);
    private static final String NAME = "limit";

    private final List<Integer> applied = new CopyOnWriteArrayList<>();

    private SharedConfiguration<Integer> follow(Cluster cluster) {
        return cluster.configuration(NAME, Integer::valueOf, applied::add);
    }

    @Test
    void whatTheStoreHasIsInForceWhenTheNodeStarts() {
        memory.cluster().writeDocument(NAME, 0, "7");

        SharedConfiguration<Integer> followed = follow(cluster("a"));

        assertThat(followed.value()).contains(7);
        assertThat(followed.version()).isEqualTo(1);
        assertThat(applied).containsExactly(7);
    }

    @Test
    void aNewVersionIsInForceElsewhereWhileTheClockStandsStill() throws InterruptedException {
        Cluster a = cluster("a");
        SharedConfiguration<Integer> there = follow(cluster("b"));
        SharedConfiguration<Integer> here = a.configuration(NAME, Integer::valueOf, value -> {});

        assertThat(here.publish("1")).isEqualTo(1);
        assertThat(here.value()).contains(1);

        await(() -> there.version() == 1);
        assertThat(applied).containsExactly(1);
    }

    @Test
    void aVersionWhoseHintWasLostIsFoundWithinFiveSeconds() throws InterruptedException {
        SharedConfiguration<Integer> followed = follow(cluster("a"));
        memory.cluster().writeDocument(NAME, 0, "1");

        pass(Duration.ofMillis(4_750), STEP);
        assertThat(followed.version()).isZero();
        long before = time.nanoTime();
        passUntil(STEP, () -> followed.version() == 1);
        // A thread that began to wait during a step of the clock wakes as much later.
        assertThat(Duration.ofNanos(time.nanoTime() - before)).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aBadValueIsRefusedEverywhereAndLeavesTheOldOne() throws InterruptedException {
        SharedConfiguration<Integer> followed = follow(cluster("a"));
        followed.publish("1");

        assertThatThrownBy(() -> followed.publish("many"))
                .isInstanceOfSatisfying(InvalidConfigurationException.class, thrown -> {
                    assertThat(thrown.name()).isEqualTo(NAME);
                    assertThat(thrown.reason()).contains("\"many\"");
                });
        assertThat(memory.cluster().document(NAME)).map(SharedDocument::version).contains(1L);

        // A node that knows less lets it pass.
        memory.cluster().writeDocument(NAME, 1, "many");
        passUntil(STEP, () -> followed.refusal().isPresent());
        assertThat(followed.refusal().orElseThrow().version()).isEqualTo(2);
        assertThat(followed.version()).isEqualTo(1);
        assertThat(followed.value()).contains(1);

        assertThat(followed.publish("3")).isEqualTo(3);
        assertThat(followed.refusal()).isEmpty();
        assertThat(applied).containsExactly(1, 3);
    }

    @Test
    void whatTheApplierRefusesLeavesTheOldOneWhateverItThrows() throws InterruptedException {
        Cluster a = cluster("a");
        memory.cluster().writeDocument(NAME, 0, "1");
        SharedConfiguration<Integer> followed = a.configuration(NAME, Integer::valueOf, value -> {
            if (value == 2) {
                throw new StackOverflowError("planted");
            }
            applied.add(value);
        });

        memory.cluster().writeDocument(NAME, 1, "2");
        passUntil(STEP, () -> followed.seenVersion() == 2);
        assertThat(followed.value()).contains(1);
        assertThat(followed.refusal().orElseThrow().reason()).isEqualTo("planted");

        memory.cluster().writeDocument(NAME, 2, "3");
        passUntil(STEP, () -> followed.version() == 3);
        assertThat(applied).containsExactly(1, 3);
    }

    @Test
    void aLowerVersionIsNeverApplied() throws InterruptedException {
        FaultyStore old = new FaultyStore(memory);
        SharedConfiguration<Integer> followed = follow(cluster("a", old));
        followed.publish("1");
        followed.publish("2");
        old.set((method, call) ->
                method.equals("document") ? Optional.of(new SharedDocument(NAME, 1, "1")) : call.call());

        pass(Duration.ofSeconds(12), STEP);
        assertThat(applied).containsExactly(1, 2);
        assertThat(followed.version()).isEqualTo(2);
    }

    @Test
    void anEditOfSomebodyElseIsNotOverwritten() {
        SharedConfiguration<Integer> followed = follow(cluster("a"));
        followed.publish("1");
        memory.cluster().writeDocument(NAME, 1, "2");

        assertThatThrownBy(() -> followed.publish(1, "3")).isInstanceOf(StaleDocumentException.class);
        assertThat(followed.publish("3")).isEqualTo(3);
        assertThat(applied).containsExactly(1, 2, 3);
    }

    @Test
    void aStoreThatIsAwayAtTheStartIsReadLater() throws InterruptedException {
        FaultyStore faulty = new FaultyStore(memory);
        Cluster a = cluster("a", faulty);
        memory.cluster().writeDocument(NAME, 0, "1");
        faulty.set((method, call) -> {
            throw new StoreException(StoreException.Kind.BUSY, "away", null);
        });

        SharedConfiguration<Integer> followed = follow(a);
        assertThat(followed.version()).isZero();
        faulty.heal();

        passUntil(STEP, () -> followed.version() == 1);
    }

    @Test
    void oneThatWasClosedFollowsNothing() throws InterruptedException {
        SharedConfiguration<Integer> followed = follow(cluster("a"));
        followed.close();
        memory.cluster().writeDocument(NAME, 0, "1");

        pass(Duration.ofSeconds(6), STEP);

        assertThat(applied).isEmpty();
        assertThatThrownBy(() -> followed.publish("2"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("configuration 'limit' is closed, expected open");
    }

    @Test
    void namesAndTextsHaveLimits() {
        Cluster a = cluster("a");
        assertThatThrownBy(() -> a.configuration(" ", Integer::valueOf, value -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("name is blank, expected a text");
        assertThatThrownBy(() -> a.configuration("x".repeat(201), Integer::valueOf, value -> {}))
                .hasMessage("name has 201 characters, expected at most 200");
        assertThatThrownBy(() -> follow(a).publish("1".repeat(1_000_001)))
                .hasMessage("text has 1000001 characters, expected at most 1000000");
        assertThatThrownBy(() -> Cluster.builder(memory).nodeName("")).hasMessage("nodeName is blank, expected a text");
    }
}
