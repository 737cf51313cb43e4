package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.router.policy.PolicyException;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileWatchTest {

    private static final String POLICY = """
            baseline: claude/claude-sonnet-4-6
            requestTimeout: %s
            models:
              - {model: claude/claude-sonnet-4-6, quality: 88, contextTokens: 1000000}
            """;

    @TempDir
    private Path folder;

    private final ManualTime time = new ManualTime(RouterFixture.NOW, 1);
    private final List<RoutingPolicy> changes = new ArrayList<>();
    private Path file;
    private PolicyFileWatch watch;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("policy.yaml"), POLICY.formatted("10s"));
        watch = new PolicyFileWatch(file, () -> List.of(folder.resolve("routing.model")), changes::add, time);
    }

    @Test
    void aChangeIsHandedOnOnceWhenItHasSettled() throws IOException {
        watch.look();
        watch.look();
        assertThat(changes).isEmpty();

        Files.writeString(file, POLICY.formatted("20s"));
        watch.look();
        assertThat(changes).as("it may still be written").isEmpty();
        watch.look();
        watch.look();

        assertThat(changes)
                .singleElement()
                .satisfies(policy -> assertThat(policy.requestTimeout()).isEqualTo(Duration.ofSeconds(20)));
    }

    @Test
    void aWrongOrMissingFileChangesNothingAndTheNextGoodOneIsTaken() throws IOException {
        Files.writeString(file, POLICY.formatted("never"));
        watch.look();
        watch.look();
        Files.delete(file);
        watch.look();
        watch.look();
        assertThat(changes).isEmpty();

        Files.writeString(file, POLICY.formatted("30s"));
        watch.look();
        watch.look();

        assertThat(changes).hasSize(1);
    }

    @Test
    void aModelFileThatWasTrainedAnewIsAChange() throws IOException {
        Files.write(folder.resolve("routing.model"), new byte[] {1, 2, 3});
        watch.look();
        watch.look();
        assertThat(changes).hasSize(1);

        Files.write(folder.resolve("routing.model"), new byte[] {1, 2, 4});
        watch.look();
        watch.look();
        watch.look();

        assertThat(changes).hasSize(2);
    }

    @Test
    void anotherFileOfTheSameContentIsNoChange() throws IOException {
        Files.delete(file);
        Files.writeString(file, POLICY.formatted("10s"));
        watch.look();
        watch.look();

        assertThat(changes).isEmpty();
    }

    @Test
    void whatTheReceiverThrowsEndsNothing() throws IOException {
        PolicyFileWatch broken = new PolicyFileWatch(
                file,
                List::of,
                policy -> {
                    changes.add(policy);
                    throw new NoClassDefFoundError("absent/Driver");
                },
                time);
        for (String timeout : List.of("20s", "30s")) {
            Files.writeString(file, POLICY.formatted(timeout));
            broken.look();
            broken.look();
        }

        assertThat(changes).hasSize(2);
    }

    @Test
    void aRouterFollowsItsFileUntilItIsClosed() throws Exception {
        CostAwareRouter router = CostAwareRouter.following(file).create(List.of(), time);
        Files.writeString(file, POLICY.formatted("40s"));

        while (!router.policy().requestTimeout().equals(Duration.ofSeconds(40))) {
            time.advance(PolicyFileWatch.INTERVAL);
            time.awaitRest(Duration.ofSeconds(60));
        }

        router.close();
        assertThat(router.policy().requestTimeout()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void aWrongFileMakesNoRouter() throws IOException {
        Files.writeString(file, "models: []");

        assertThatThrownBy(() -> CostAwareRouter.following(file)).isInstanceOf(PolicyException.class);
    }
}
