package dev.architect.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.review.ActionContents;
import dev.architect.planner.review.ApprovalGate;
import dev.architect.planner.review.ReviewedStart;
import dev.architect.planner.review.StoredApprovals;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.review.Review;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewRefusedException;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewState;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.Store;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.store.postgres.PostgresStore;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.task.NeedsInputException;
import dev.architect.testkit.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that goes on trying what is denied is paused on every store, whichever node counts. */
final class RunBreakerTest {

    private static final ReviewRequester AGENT =
            ReviewRequester.named("agent:builder").withRun("run-1");

    private final ManualTime time = new ManualTime();

    @TempDir
    private Path folder;

    /** What one node does with its own handle of the store. */
    private ReviewedStart start(Architect node, String... argv) {
        ApprovalPolicy policy = ApprovalPolicy.parse(
                "test",
                "{\"workspace\":\"/srv/app\",\"home\":\"/home/agent\",\"rules\":[{\"id\":\"tree\",\"decision\":\"allow\",\"read\":[\"**\"]},"
                        + "{\"id\":\"status\",\"decision\":\"allow\",\"run\":[\"git\",[\"status\",\"diff\"]],\"options\":[\"--stat\"],\"operands\":[\"none\"]},"
                        + "{\"id\":\"no-rm\",\"decision\":\"deny\",\"run\":[\"rm\"]}]}");
        Context context = Context.builder("/srv/app", time.wallTime())
                .links(LinkReader.ofFileSystem())
                .requester(AGENT.name())
                .run("run-1")
                .build();
        return new ApprovalGate(
                        node.reviews(),
                        new StoredApprovals(node.reviews(), policy),
                        LinkReader.ofFileSystem(),
                        ActionContents.ofFileSystem(),
                        time)
                .start(new Action.Exec(List.of(argv)), context, AGENT, request -> request);
    }

    private Architect node(Store store) {
        return Architect.builder()
                .store(store)
                .router(CostAwareRouter.with(RoutingPolicy.standard()))
                .time(time)
                .withoutTaskExecution()
                .build();
    }

    /** Each call of {@code handle} opens the same store again, as another node does. */
    private void pausesTheRun(Supplier<Store> handle) {
        try (Architect first = node(handle.get());
                Architect second = node(handle.get());
                Architect third = node(handle.get())) {
            assertThatThrownBy(() -> start(first, "rm", "a")).isInstanceOf(ReviewRefusedException.class);
            assertThatThrownBy(() -> start(second, "rm", "b")).isInstanceOf(ReviewRefusedException.class);
            assertThat(start(second, "git", "status").review()).isEmpty();
            assertThatThrownBy(() -> start(first, "rm", "c")).isInstanceOf(ReviewRefusedException.class);
            assertThatThrownBy(() -> start(second, "rm", "d")).isInstanceOf(ReviewRefusedException.class);
            assertThat(start(first, "git", "status").review()).isEmpty();
            for (String file : List.of("e", "f", "g")) {
                assertThatThrownBy(() -> start(first, "rm", file)).isInstanceOf(ReviewRefusedException.class);
            }
            assertThatThrownBy(() -> start(second, "git", "status")).isInstanceOf(NeedsInputException.class);
            List<Review> open = second.reviews().list(ReviewQuery.oldest(Set.of(ReviewState.OPEN), 10));
            assertThat(open).singleElement().satisfies(question -> {
                assertThat(question.request().kind()).isEqualTo(ReviewKind.QUESTION);
                assertThat(question.request().preview()).contains("rm a: ", "rm b: ", "rm g: ");
            });
            Review question = open.get(0);
            second.reviews()
                    .decide(
                            question.id(),
                            ReviewDecision.answer(question.request().action().sha256(), "ann", "go on"));
            time.advance(Duration.ofSeconds(11));
            assertThat(start(third, "git", "status").review()).isEmpty();
            assertThatThrownBy(() -> start(third, "rm", "h")).isInstanceOf(ReviewRefusedException.class);
            assertThat(start(third, "git", "status").review()).isEmpty();
        }
    }

    @Test
    void inMemory() {
        InMemoryStore store = new InMemoryStore(time);
        pausesTheRun(() -> store);
    }

    @Test
    void onSqlite() {
        pausesTheRun(() ->
                SqliteStore.builder(folder.resolve("architect.db")).time(time).open());
    }

    @Test
    void onPostgres() {
        try (PostgresDatabase database =
                PostgresServer.shared(PostgresServer.Version.V18).createDatabase()) {
            pausesTheRun(() -> PostgresStore.builder(database.jdbcUrl())
                    .user(database.user())
                    .password(database.password())
                    .time(time)
                    .open());
        }
    }
}
