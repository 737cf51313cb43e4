package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.control.ModelSetting;
import dev.architect.control.RouterControl;
import dev.architect.error.CapacityException;
import dev.architect.error.InvalidFileException;
import dev.architect.routing.PriceOverride;
import dev.architect.routing.Routing;
import dev.architect.routing.StaleSettingException;
import dev.architect.routing.StoredPolicy;
import dev.architect.routing.StoredSetting;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.thread.ThreadRunner;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What people change about routing: kept for all nodes, followed by each, with its history. */
@Timeout(60)
final class RoutingFacadeTest {

    private static final String OTHER = """
            baseline: claude/claude-sonnet-4-6
            models:
              - {model: openai/gpt-4o-mini, quality: 66, contextTokens: 128000}
            """;

    private final RouterFixture here = new RouterFixture();
    private final RouterFixture there = new RouterFixture();
    private final InMemoryStore store = new InMemoryStore(here.time);
    private final ThreadRunner threads = new ThreadRunner("test");
    private final Routing routing = new Routing(store.cluster(), here.router.control(), here.time);
    private final Routing another = new Routing(store.cluster(), there.router.control(), there.time);

    @AfterEach
    void close() {
        routing.close();
        another.close();
        threads.close();
        here.close();
        there.close();
        store.close();
    }

    private static String entry(String model, String usd) {
        return "{\"provider\":\"openai\",\"model\":\"" + model
                + "\",\"validFrom\":\"2026-11-01T00:00:00Z\",\"usdPerMillionTokens\":{\"input\":" + usd
                + "},\"source\":\"a contract\",\"checked\":\"2026-11-01\"}";
    }

    private static RouterControl control(RouterFixture fixture) {
        return fixture.router.control().orElseThrow();
    }

    @Test
    void anotherNodeFollowsAPolicyAtItsStartAndWithinFiveSeconds() throws InterruptedException {
        routing.savePolicy(0, Optional.of(OTHER), "user:ada", "cheaper");
        another.start(threads);
        String atStart = control(there).policyVersion();

        routing.savePolicy(1, Optional.empty(), "user:ada", "");
        there.time.awaitWaiting(1);
        there.time.advance(Duration.ofSeconds(5));
        there.time.awaitWaiting(1);

        assertThat(control(here).policyVersion()).isNotEqualTo(atStart);
        assertThat(control(there).policyVersion()).isEqualTo(control(here).policyVersion());
        assertThat(another.policyRefusal()).isEmpty();
    }

    @Test
    void keepsTheVersionsOfThePolicyAndRestoresOne() {
        StoredPolicy first = routing.savePolicy(0, Optional.of(OTHER), "user:ada", "cheaper");
        String cheap = control(here).policyVersion();
        for (int i = 1; i <= Routing.KEPT_VERSIONS; i++) {
            routing.savePolicy(i, Optional.empty(), "user:bob", "change " + i);
        }

        assertThat(routing.policyVersions())
                .hasSize(Routing.KEPT_VERSIONS + 1)
                .extracting(StoredPolicy::version)
                .startsWith(51L, 50L)
                .endsWith(2L, 1L);
        StoredPolicy restored = routing.restorePolicy(1, "user:eve").orElseThrow();
        assertThat(restored.text()).isEqualTo(first.text());
        assertThat(restored.version()).isEqualTo(52);
        assertThat(restored.remark()).isEqualTo("version 1");
        assertThat(control(here).policyVersion()).isEqualTo(cheap);
        // Its place was taken by a newer one.
        assertThat(routing.policyVersion(1)).isEmpty();
        assertThat(routing.restorePolicy(1, "user:eve")).isEmpty();
        assertThat(routing.policy()).contains(restored);
    }

    @Test
    void refusesAPolicyThatIsWrongOrOfAnOldVersion() {
        routing.savePolicy(0, Optional.of(OTHER), "user:ada", "");
        String before = control(here).policyVersion();

        assertThatThrownBy(() -> routing.savePolicy(1, Optional.of("models: 5"), "user:ada", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("policy:1");
        assertThatThrownBy(() -> another.savePolicy(0, Optional.of(OTHER), "user:bob", ""))
                .isInstanceOfSatisfying(
                        StaleSettingException.class,
                        stale -> assertThat(stale.present()).isOne());
        assertThatThrownBy(() -> routing.reloadPolicy("user:ada")).isInstanceOf(IllegalStateException.class);
        assertThat(routing.policy().map(StoredPolicy::version)).contains(1L);
        assertThat(control(here).policyVersion()).isEqualTo(before);
    }

    @Test
    void saysWhyANodeDoesNotFollow() {
        routing.savePolicy(0, Optional.of(OTHER), "user:ada", "");
        // As a newer version of the program would write it.
        store.cluster()
                .writeDocument(
                        "architect.routing.policy",
                        1,
                        "{\"version\":\"2\",\"text\":\"models: 5\","
                                + "\"at\":\"2026-11-22T12:00:00Z\",\"by\":\"user:ada\"}");
        String before = control(there).policyVersion();

        another.start(threads);

        assertThat(another.policyRefusal().orElseThrow()).contains("policy:1");
        assertThat(control(there).policyVersion()).isEqualTo(before);
    }

    @Test
    void changesModelsByTheVersionThatWasSeen() {
        ModelSetting off = new ModelSetting(
                "openai", Optional.of("gpt-4o-mini"), Optional.of(false), Optional.empty(), Optional.empty());

        StoredSetting saved = routing.saveSetting(0, off, "user:ada");

        assertThat(routing.setting("openai", Optional.of("gpt-4o-mini"))).contains(saved);
        assertThat(routing.setting("openai", Optional.empty())).isEmpty();
        assertThat(control(here).models().get(1).isEnabled()).isFalse();
        assertThatThrownBy(() -> another.saveSetting(0, off, "user:bob")).isInstanceOf(StaleSettingException.class);
        assertThat(another.saveSetting(1, ModelSetting.of("openai", Optional.of("gpt-4o-mini")), "user:bob")
                        .version())
                .isEqualTo(2);
        assertThat(control(there).models().get(1).isEnabled()).isTrue();
    }

    @Test
    void pricesAreAddedReplacedAndTakenAway() {
        PriceOverride added = routing.add(routing.prepare(entry("gpt-4o-mini", "10"), "user:ada"));
        String version = control(here).prices().catalogue().version();

        PriceOverride edited = routing.edit(added.id(), 1, entry("gpt-4o-mini", "11"), "user:bob")
                .orElseThrow();

        assertThat(version).endsWith("+own-1");
        assertThat(control(here).prices().catalogue().version()).endsWith("+own-2");
        assertThat(edited.version()).isEqualTo(2);
        assertThat(routing.overrides()).containsExactly(edited);
        assertThatThrownBy(() -> routing.remove(added.id(), 1)).isInstanceOf(StaleSettingException.class);
        assertThat(routing.remove(added.id(), 2)).isTrue();
        assertThat(routing.remove(added.id(), 2)).isFalse();
        assertThat(routing.edit("none", 1, entry("x", "1"), "user:bob")).isEmpty();
        assertThat(control(here).prices().catalogue().version()).doesNotContain("own");
    }

    @Test
    void refusesPricesThatAreWrongClaimTheSameOrAreTooMany() {
        routing.add(routing.prepare(entry("m", "1"), "user:ada"));

        assertThatThrownBy(() -> routing.prepare(entry("m", "-1"), "user:ada"))
                .isInstanceOf(InvalidFileException.class);
        assertThatThrownBy(() -> routing.add(routing.prepare(entry("m", "2"), "user:ada")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlap");
        assertThat(routing.overrides()).hasSize(1);
        for (int i = 1; i < Routing.MAX_OVERRIDES; i++) {
            routing.add(routing.prepare(entry("m" + i, "1"), "user:ada"));
        }
        assertThatThrownBy(() -> routing.add(routing.prepare(entry("last", "1"), "user:ada")))
                .isInstanceOf(CapacityException.class);
    }

    @Test
    void aRouterThatStaysAsItWasMadeTakesNothing() {
        try (Routing fixed = new Routing(store.cluster(), Optional.empty(), here.time)) {
            fixed.start(threads);

            assertThat(fixed.isFollowed()).isFalse();
            assertThatThrownBy(() -> fixed.savePolicy(0, Optional.of(OTHER), "user:ada", ""))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> fixed.prepare(entry("m", "1"), "user:ada"))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(fixed.policy()).isEmpty();
        }
    }
}
