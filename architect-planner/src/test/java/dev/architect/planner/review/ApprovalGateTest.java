package dev.architect.planner.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.Reviews;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.ApprovalRule;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Verdict;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewQuery;
import dev.architect.review.ReviewRefusedException;
import dev.architect.review.ReviewRefusedException.Reason;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewedAction;
import dev.architect.review.StoredRule;
import dev.architect.route.ProviderStatus;
import dev.architect.route.Route;
import dev.architect.spi.Router;
import dev.architect.spi.RoutingContext;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.NeedsInputException;
import dev.architect.testkit.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of an action from the rules to a person and back, over real files. */
final class ApprovalGateTest {

    private static final ReviewRequester AGENT =
            ReviewRequester.named("agent:builder").withRun("run-1");

    private final ManualTime time = new ManualTime();

    @TempDir
    private Path folder;

    private Architect architect;
    private Reviews reviews;
    private ApprovalGate gate;
    private ApprovalRules rules;

    @BeforeEach
    void open() {
        architect = Architect.builder()
                .store(new InMemoryStore(time))
                .router((providers, clock) -> new IdleRouter())
                .time(time)
                .withoutTaskExecution()
                .build();
        reviews = architect.reviews();
        ApprovalPolicy policy = ApprovalPolicy.of(
                folder.toString(),
                "/home/agent",
                List.of(
                        ApprovalRule.parse("{\"id\":\"tree\",\"decision\":\"allow\",\"read\":[\"**\"]}"),
                        ApprovalRule.parse("{\"id\":\"no-delete\",\"decision\":\"deny\",\"run\":[\"rm\"],"
                                + "\"hasOption\":[\"-r\",\"-f\"]}"),
                        ApprovalRule.parse("{\"id\":\"status\",\"decision\":\"allow\",\"run\":[\"git\",\"status\"],"
                                + "\"operands\":[\"none\"]}")));
        StoredApprovals approvals = new StoredApprovals(reviews, policy);
        LinkReader links = LinkReader.ofFileSystem();
        gate = new ApprovalGate(reviews, approvals, links, ActionContents.ofFileSystem(), time);
        rules = new ApprovalRules(reviews, approvals, links);
    }

    @AfterEach
    void close() {
        architect.close();
    }

    private Context context() {
        return context(folder, Map.of());
    }

    private Context context(Path where, Map<String, String> environment) {
        return Context.builder(where.toString(), time.wallTime())
                .environment(environment)
                .links(LinkReader.ofFileSystem())
                .requester("agent:builder")
                .run("run-1")
                .build();
    }

    private static Action exec(String... argv) {
        return new Action.Exec(List.of(argv));
    }

    private ReviewedStart start(Action action) {
        return gate.start(action, context(), AGENT, request -> request);
    }

    private Review asked(Action action) {
        assertThatThrownBy(() -> start(action)).isInstanceOf(NeedsInputException.class);
        return open(ReviewState.OPEN).get(0);
    }

    private List<Review> open(ReviewState state) {
        return reviews.list(ReviewQuery.newest(Set.of(state), 10));
    }

    private Review decide(Review review, ReviewChoice choice) {
        return reviews.decide(
                review.id(), ReviewDecision.of(choice, review.request().action().sha256(), "ann"));
    }

    private static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ReviewRefusedException.class,
                        refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void whatRulesAllowStartsAtOnceAndWhatTheyDenyNever() {
        assertThat(start(exec("git", "status")).review()).isEmpty();
        assertRefused(Reason.DENIED_BY_RULE, () -> start(exec("rm", "-rf", "x")));

        assertThat(open(ReviewState.OPEN)).isEmpty();
        assertThat(reviews.decisions(Optional.empty(), 10))
                .extracting(decision -> decision.verdict() + " " + decision.rules())
                .containsExactly("deny [no-delete]", "allow [status]");
    }

    @Test
    void anApprovedActionStartsOnce() {
        Action build = exec("mvn", "-q", "verify");
        Review review = asked(build);
        assertThatThrownBy(() -> start(build)).isInstanceOf(NeedsInputException.class);
        assertThat(open(ReviewState.OPEN)).hasSize(1);
        assertThat(review.request().title()).isEqualTo("mvn -q verify");

        decide(review, ReviewChoice.ONCE);
        ReviewedStart start = start(build);

        assertThat(start.action()).isEqualTo(build);
        assertThat(start.review()).isPresent();
        assertThat(reviews.get(review.id()).state()).isEqualTo(ReviewState.USED);
        assertThat(asked(build).id()).isNotEqualTo(review.id());
        assertThat(reviews.decisions(Optional.empty(), 10))
                .extracting(decision -> decision.answer())
                .containsExactly(Optional.empty(), Optional.of(true));
    }

    @Test
    void ofADeniedActionTheSameRunIsToldAgainWithoutBeingAsked() {
        Action build = exec("mvn", "verify");
        Review review = asked(build);
        reviews.decide(
                review.id(), ReviewDecision.deny(review.request().action().sha256(), "ann", "not on this machine"));
        assertThatThrownBy(() -> start(build)).isInstanceOf(NeedsInputException.class);
        time.advance(Duration.ofSeconds(11));

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> start(build)).hasMessageContaining("not on this machine");
        }
        assertThat(open(ReviewState.OPEN)).isEmpty();
    }

    @Test
    void anEditedActionIsJudgedAgainAndIsWhatMayBeDone() {
        Action push = exec("git", "push", "--force");
        Review review = asked(push);
        String shown = review.request().action().sha256();

        assertRefused(
                Reason.DENIED_BY_RULE,
                () -> reviews.decide(
                        review.id(),
                        ReviewDecision.edit(
                                shown,
                                "ann",
                                ReviewedAction.of(exec("rm", "-rf", ".").json()))));
        assertThatThrownBy(() -> reviews.decide(
                        review.id(), ReviewDecision.edit(shown, "ann", ReviewedAction.of("{\"action\":\"dance\"}"))))
                .hasMessageContaining("action is 'dance', expected one of edit, exec");
        Action plain = exec("git", "push");
        Review edited = reviews.decide(review.id(), ReviewDecision.edit(shown, "ann", ReviewedAction.of(plain.json())));

        assertThat(edited.effectiveAction().sha256()).isNotEqualTo(shown);
        assertThat(start(push).action()).isEqualTo(plain);
        assertRefused(Reason.NOT_APPROVED, () -> reviews.use(review.id(), edited.effectiveAction()));
    }

    @Test
    void anApprovalForASessionLastsUntilTheRunEnds() {
        Action build = exec("mvn", "verify");
        decide(asked(build), ReviewChoice.SESSION);
        assertThat(start(build).review()).isPresent();

        assertThat(start(build).decision().verdict()).isEqualTo(Verdict.ALLOW);
        assertThat(gate.check(
                                build,
                                Context.builder(folder.toString(), time.wallTime())
                                        .requester("agent:builder")
                                        .run("run-2")
                                        .build())
                        .verdict())
                .isEqualTo(Verdict.ASK);
        assertThat(gate.check(exec("mvn", "deploy"), context()).verdict()).isEqualTo(Verdict.ASK);
        assertThat(reviews.endRun("run-1")).isEqualTo(1);
        assertThat(gate.check(build, context()).verdict()).isEqualTo(Verdict.ASK);
    }

    @Test
    void aRuleThatIsMadeWithADecisionGoesWithIt() {
        Action build = exec("mvn", "verify");
        Review review = decide(asked(build), ReviewChoice.RULE);
        assertThat(rules.list()).extracting(StoredRule::id).containsExactly("review-" + review.id() + "-1");
        assertThat(gate.check(build, context()).verdict()).isEqualTo(Verdict.ALLOW);

        reviews.undo(review.id(), "ann");

        assertThat(rules.list()).isEmpty();
        assertThat(gate.check(build, context()).verdict()).isEqualTo(Verdict.ASK);
        Review again = reviews.get(review.id());
        assertRefused(
                Reason.NOT_POSSIBLE,
                () -> reviews.decide(
                        again.id(),
                        new ReviewDecision(
                                ReviewChoice.RULE,
                                again.request().action().sha256(),
                                "ann",
                                "",
                                Optional.empty(),
                                Optional.of("{\"id\":\"other\",\"decision\":\"allow\",\"run\":[\"git\",\"log\"]}"),
                                List.of(),
                                Optional.empty())));
    }

    @Test
    void aRuleThatAllowsComesIntoForceAfterADryRunOfItsVersion() {
        String text = "{\"id\":\"log\",\"decision\":\"allow\",\"run\":[\"git\",\"log\"],\"options\":[\"--stat\"],"
                + "\"operands\":[\"none\"]}";
        asked(exec("git", "log", "--stat"));
        StoredRule made = rules.create(text, "ann");
        assertThat(made.isEnabled()).isFalse();
        assertConflict(
                RuleConflictException.Reason.NOT_TRIED,
                () -> rules.update("log", made.version(), Optional.empty(), Optional.of(true), "ann"));
        assertConflict(RuleConflictException.Reason.TAKEN, () -> rules.create(text, "ann"));

        RuleTrial trial = rules.trial("log");
        assertThat(trial.run().newly(Verdict.ALLOW)).isEqualTo(1);
        StoredRule enabled = rules.update("log", trial.rule().version(), Optional.empty(), Optional.of(true), "bob");

        assertThat(gate.check(exec("git", "log", "--stat"), context()).isAllowed())
                .isTrue();
        assertConflict(
                RuleConflictException.Reason.STALE,
                () -> rules.update("log", made.version(), Optional.empty(), Optional.of(false), "ann"));
        StoredRule changed = rules.update(
                "log", enabled.version(), Optional.of(text.replace("--stat", "--oneline")), Optional.empty(), "ann");
        assertThat(changed.isEnabled()).isFalse();
        assertThat(gate.check(exec("git", "log", "--stat"), context()).isAllowed())
                .isFalse();
        rules.delete("log", changed.version());
        assertConflict(RuleConflictException.Reason.NOT_FOUND, () -> rules.get("log"));
        assertThatThrownBy(() -> rules.create("{\"id\":\"x\",\"decision\":\"allow\",\"run\":[\"bash\"]}", "ann"))
                .hasMessageContaining("bash");
        assertThat(rules.create("{\"id\":\"x\",\"decision\":\"deny\",\"run\":[\"curl\"]}", "ann")
                        .isEnabled())
                .isTrue();
        assertThat(gate.check(exec("curl", "http://a.example"), context()).verdict())
                .isEqualTo(Verdict.DENY);
    }

    private static void assertConflict(RuleConflictException.Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RuleConflictException.class,
                        conflict -> assertThat(conflict.reason()).isEqualTo(reason));
    }

    @Test
    void whatWasApprovedAgainAndAgainIsProposedAndAccepted() {
        for (String file : List.of("a.txt", "b.txt", "c.txt")) {
            decide(asked(exec("wc", "-l", "docs/" + file)), ReviewChoice.ONCE);
        }

        String id = rules.proposals().get(0).rule().id();
        assertConflict(RuleConflictException.Reason.NOT_FOUND, () -> rules.accept("nothing", "ann"));
        rules.accept(id, "ann");

        assertThat(gate.check(exec("wc", "-l", "docs/d.txt"), context()).isAllowed())
                .isTrue();
        assertThat(rules.proposals()).isEmpty();
    }

    private interface Change {
        ReviewedStart start() throws IOException;
    }

    /** Approves once, changes something, and tries to start: a person must be asked again, or it is refused. */
    @Test
    void fiftyChangesBetweenApprovalAndUseStartNothing() throws Exception {
        Action action = exec("sh", "tools/build.sh", "--config=conf/app.ini", "logs/out", "-n", "3");
        Map<String, Change> changes = new LinkedHashMap<>();
        List<String> argv = ((Action.Exec) action).argv();
        for (int i = 0; i < argv.size(); i++) {
            int index = i;
            changes.put("word " + i + " is another", () -> start(with(argv, index, argv.get(index) + "x")));
            changes.put("word " + i + " has a blank more", () -> start(with(argv, index, argv.get(index) + " ")));
            changes.put(
                    "word " + i + " has a control character",
                    () -> start(with(argv, index, argv.get(index) + "\u001b")));
            changes.put(
                    "word " + i + " has another direction", () -> start(with(argv, index, "\u202e" + argv.get(index))));
            changes.put("word " + i + " is away", () -> start(without(argv, index)));
        }
        changes.put(
                "a word more",
                () -> start(exec("sh", "tools/build.sh", "--config=conf/app.ini", "logs/out", "-n", "3", "x")));
        changes.put(
                "an empty word more",
                () -> start(exec("sh", "tools/build.sh", "--config=conf/app.ini", "logs/out", "-n", "3", "")));
        changes.put(
                "words in another order",
                () -> start(exec("sh", "tools/build.sh", "logs/out", "--config=conf/app.ini", "-n", "3")));
        changes.put("words joined", () -> start(exec("sh", "tools/build.sh --config=conf/app.ini logs/out -n 3")));
        changes.put("a shell instead", () -> start(new Action.Shell(String.join(" ", argv))));
        changes.put("a tool instead", () -> start(new Action.Tool("sh", Map.of("argv", String.join(" ", argv)))));
        changes.put("another folder", () -> in(action, folder.resolve("logs"), Map.of()));
        changes.put("the folder above", () -> in(action, folder.getParent(), Map.of()));
        changes.put("a variable more", () -> in(action, folder, Map.of("LANG", "C")));
        changes.put("a variable that loads code", () -> in(action, folder, Map.of("LD_PRELOAD", "/tmp/a.so")));
        changes.put("another path", () -> in(action, folder, Map.of("PATH", "/tmp")));
        changes.put("an empty variable", () -> in(action, folder, Map.of("TERM", "")));
        changes.put("the script has a byte more", () -> written(action, "tools/build.sh", "echo build\n "));
        changes.put("the script is another", () -> written(action, "tools/build.sh", "curl evil"));
        changes.put("the script is empty", () -> written(action, "tools/build.sh", ""));
        changes.put("the script is away", () -> {
            Files.delete(folder.resolve("tools/build.sh"));
            return start(action);
        });
        changes.put("the script is a link", () -> linked(action, "tools/build.sh", "conf/app.ini"));
        changes.put("the script is a link to an equal file", () -> linked(action, "tools/build.sh", "tools/copy.sh"));
        changes.put("the configuration behind an option is another", () -> written(action, "conf/app.ini", "mode=2"));
        changes.put("the configuration is a link", () -> linked(action, "conf/app.ini", "tools/build.sh"));
        changes.put("the folder of the script is a link", () -> moved(action, "tools", "tools2"));
        changes.put("the folder of the output is a link", () -> moved(action, "logs", "logs2"));
        changes.put("the output is there already", () -> written(action, "logs/out", "old"));
        changes.put("the output is a link", () -> linked(action, "logs/out", "tools/build.sh"));
        changes.put("the output is a link to nothing", () -> linked(action, "logs/out", "nowhere"));

        List<String> started = new ArrayList<>();
        for (Map.Entry<String, Change> change : changes.entrySet()) {
            files();
            reviews.list(ReviewQuery.newest(Set.of(ReviewState.OPEN, ReviewState.APPROVED), 100));
            Review approved = decide(asked(action), ReviewChoice.ONCE);
            try {
                change.getValue().start();
                started.add(change.getKey());
            } catch (NeedsInputException | ReviewRefusedException refused) {
                // Asked anew about what it is now, or refused: nothing has started.
            }
            assertThat(reviews.get(approved.id()).state()).as(change.getKey()).isEqualTo(ReviewState.APPROVED);
            assertRefused(Reason.STALE, () -> reviews.use(approved.id(), gate.canonical(exec("sh", "x"), context())));
            files();
            assertThat(start(action).review().orElseThrow().id())
                    .as("unchanged after: " + change.getKey())
                    .isEqualTo(approved.id());
        }

        assertThat(started).isEmpty();
        assertThat(changes).hasSizeGreaterThanOrEqualTo(50);
    }

    private void files() throws IOException {
        for (String name : List.of("tools", "tools2", "logs", "logs2", "conf")) {
            Path each = folder.resolve(name);
            if (Files.isSymbolicLink(each)) {
                Files.delete(each);
            }
            Files.createDirectories(each);
        }
        Files.deleteIfExists(folder.resolve("logs/out"));
        for (String file : List.of("tools/build.sh", "tools/copy.sh", "tools2/build.sh", "conf/app.ini")) {
            Files.deleteIfExists(folder.resolve(file));
            Files.writeString(folder.resolve(file), file.endsWith(".sh") ? "echo build\n" : "mode=1");
        }
    }

    private ReviewedStart in(Action action, Path where, Map<String, String> environment) {
        return gate.start(action, context(where, environment), AGENT, request -> request);
    }

    private ReviewedStart written(Action action, String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text);
        return start(action);
    }

    private ReviewedStart linked(Action action, String link, String target) throws IOException {
        Files.deleteIfExists(folder.resolve(link));
        Files.createSymbolicLink(folder.resolve(link), folder.resolve(target));
        return start(action);
    }

    private ReviewedStart moved(Action action, String link, String target) throws IOException {
        for (Path each :
                List.of(folder.resolve(link + "/build.sh"), folder.resolve(link + "/copy.sh"), folder.resolve(link))) {
            Files.deleteIfExists(each);
        }
        Files.createSymbolicLink(folder.resolve(link), folder.resolve(target));
        return start(action);
    }

    private static Action with(List<String> argv, int index, String word) {
        List<String> changed = new ArrayList<>(argv);
        changed.set(index, word);
        return new Action.Exec(changed);
    }

    private static Action without(List<String> argv, int index) {
        List<String> changed = new ArrayList<>(argv);
        changed.remove(index);
        return new Action.Exec(changed);
    }

    private static final class IdleRouter implements Router {
        @Override
        public ChatResponse chat(ChatRequest request, RoutingContext context) {
            throw new IllegalStateException("a request was made, expected none");
        }

        @Override
        public Route route(ChatRequest request) {
            throw new IllegalStateException("a request was made, expected none");
        }

        @Override
        public List<ProviderStatus> providers() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private void denied(ReviewRequester agent, String file) {
        assertRefused(Reason.DENIED_BY_RULE, () -> start(exec("rm", "-rf", file), agent));
        time.advance(Duration.ofSeconds(1));
    }

    private ReviewedStart start(Action action, ReviewRequester agent) {
        Context where = Context.builder(folder.toString(), time.wallTime())
                .links(LinkReader.ofFileSystem())
                .requester(agent.name())
                .run(agent.run().orElse(null))
                .build();
        return gate.start(action, where, agent, request -> request);
    }

    private Review paused(ReviewRequester agent) {
        assertThatThrownBy(() -> start(exec("git", "status"), agent)).isInstanceOf(NeedsInputException.class);
        return open(ReviewState.OPEN).stream()
                .filter(review -> review.request().requester().equals(agent))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void threeDenialsInARowPauseARunUntilItsQuestionIsAnswered() {
        denied(AGENT, "a");
        denied(AGENT, "b");
        start(exec("git", "status"));
        denied(AGENT, "c");
        denied(AGENT, "d");
        start(exec("git", "status"));
        denied(AGENT, "e");
        denied(AGENT, "f");
        assertThat(open(ReviewState.OPEN)).isEmpty();
        denied(AGENT, "g");

        Review question = paused(AGENT);
        assertThat(question.request().title()).contains("agent:builder was denied 7 actions", "may it go on?");
        assertThat(question.request().preview().lines())
                .hasSize(7)
                .first()
                .asString()
                .startsWith("rm -rf a: ");
        ReviewRequester other = ReviewRequester.named("agent:builder").withRun("run-2");
        assertThat(start(exec("git", "status"), other).review()).isEmpty();

        reviews.decide(
                question.id(),
                ReviewDecision.answer(question.request().action().sha256(), "ann", "leave the files alone"));
        time.advance(Duration.ofSeconds(11));
        assertThat(start(exec("git", "status")).review()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        denied(AGENT, "h");
        denied(AGENT, "i");
        assertThat(start(exec("git", "status")).review()).isEmpty();
        denied(AGENT, "j");
        denied(AGENT, "k");
        denied(AGENT, "l");
        Review again = paused(AGENT);
        assertThat(again.id()).isNotEqualTo(question.id());
        assertThat(again.request().preview()).doesNotContain("rm -rf a").contains("rm -rf l");
    }

    @Test
    void aDeniedQuestionEndsTheRunAndNoOther() {
        denied(AGENT, "a");
        denied(AGENT, "b");
        denied(AGENT, "c");
        Review question = paused(AGENT);
        reviews.decide(
                question.id(), ReviewDecision.deny(question.request().action().sha256(), "ann", "start anew"));
        time.advance(Duration.ofSeconds(11));

        assertRefused(Reason.DENIED, () -> start(exec("git", "status")));
        assertThat(start(
                                exec("git", "status"),
                                ReviewRequester.named("agent:builder").withRun("run-2"))
                        .review())
                .isEmpty();
    }

    @Test
    void whatPeopleDenyCountsAsWell() {
        for (String goal : List.of("verify", "install", "deploy")) {
            Action build = exec("mvn", goal);
            Review review = asked(build);
            reviews.decide(
                    review.id(), ReviewDecision.deny(review.request().action().sha256(), "ann", "no"));
            time.advance(Duration.ofSeconds(11));
            assertRefused(Reason.DENIED, () -> start(build));
        }

        assertThat(paused(AGENT).request().preview()).contains("mvn deploy: a person has denied it");
    }

    @Test
    void tenDenialsOfARunAndTwentyOfADayAreTooMany() {
        for (int i = 0; i < 9; i++) {
            denied(AGENT, "f" + i);
            start(exec("git", "status"));
        }
        denied(AGENT, "f9");
        assertThat(paused(AGENT).request().title()).contains("10 actions in this run");

        for (int i = 0; i < 9; i++) {
            ReviewRequester alone = ReviewRequester.named("agent:builder").withRun("other-" + i);
            denied(alone, "g" + i);
            start(exec("git", "status"), alone);
        }
        ReviewRequester last = ReviewRequester.named("agent:builder").withRun("last");
        denied(last, "h");
        assertThat(paused(last).request().title()).contains("20 actions today");
        time.advance(Duration.ofDays(1));
        ReviewRequester tomorrow = ReviewRequester.named("agent:builder").withRun("tomorrow");
        denied(tomorrow, "h");
        assertThat(start(exec("git", "status"), tomorrow).review()).isEmpty();
    }
}
