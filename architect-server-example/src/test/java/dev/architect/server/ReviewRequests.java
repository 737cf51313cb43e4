package dev.architect.server;

import dev.architect.Reviews;
import dev.architect.review.RecordedApproval;
import dev.architect.review.Review;
import dev.architect.review.ReviewChoice;
import dev.architect.review.ReviewDecision;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewedAction;
import dev.architect.review.StoredRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Right requests about reviews and rules, and what has to be there for them. */
final class ReviewRequests {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final AtomicInteger PROGRAM = new AtomicInteger();

    private final Reviews reviews;

    ReviewRequests(ServerFixture fixture) {
        this.reviews = fixture.architect.reviews();
    }

    /** A command that is asked about, each time another one. */
    static ReviewRequest request(String... argv) {
        String json = "{\"action\":\"exec\",\"argv\":[\"" + String.join("\",\"", argv)
                + "\"],\"folder\":\"/srv/app\",\"environment\":{},\"number\":\"" + NUMBER.incrementAndGet() + "\"}";
        return ReviewRequest.builder(
                        ReviewKind.COMMAND,
                        String.join(" ", argv),
                        ReviewedAction.of(json),
                        ReviewRequester.named("agent:builder").withRun("run-1"))
                .shape(argv[0])
                .preview("+ a line\n- another")
                .build();
    }

    private Review open() {
        return reviews.ask(request("mvn", "verify"));
    }

    private StoredRule rule() {
        String id = "rule-" + NUMBER.incrementAndGet();
        return reviews.createRule(new StoredRule(
                        id,
                        "{\"id\":\"" + id + "\",\"decision\":\"deny\",\"run\":[\"wget\"]}",
                        true,
                        Optional.empty(),
                        "ann",
                        reviews.now(),
                        0,
                        0))
                .orElseThrow();
    }

    /** Names each request by its operation. */
    void addTo(BiConsumer<String, Supplier<ContractRequests.Sent>> requests) {
        requests.accept("getReview", () -> sent(open(), ""));
        requests.accept("undoReview", () -> {
            Review review = open();
            reviews.decide(
                    review.id(),
                    ReviewDecision.of(
                            ReviewChoice.ONCE, review.request().action().sha256(), ServerFixture.USER));
            return sent(review, "/undo");
        });
        requests.accept("decideReview", () -> {
            Review review = open();
            return json(
                    review,
                    "/decision",
                    "{'decision':'edit','sha256':'" + review.request().action().sha256()
                            + "','comment':'shorter','action':{'action':'exec','argv':['mvn','test']}}");
        });
        requests.accept("delegateReview", () -> json(open(), "/delegate", "{'to':'bob'}"));
        requests.accept("commentReview", () -> json(open(), "/comments", "{'text':'why?','file':'a.txt','line':3}"));
        requests.accept("bulkDecideReviews", () -> {
            Review review = open();
            return ContractRequests.Sent.json(
                    "/api/reviews/bulk",
                    "{'decision':'deny','comment':'no','reviews':[{'id':'" + review.id() + "','sha256':'"
                            + review.request().action().sha256() + "'}]}");
        });
        requests.accept(
                "createRule",
                () -> ContractRequests.Sent.json(
                        "/api/approval-rules",
                        "{'rule':{'id':'made-" + NUMBER.incrementAndGet() + "','decision':'deny','run':['curl']}}"));
        requests.accept("getRule", () -> ContractRequests.Sent.to("/api/approval-rules/" + rule().id()));
        requests.accept("updateRule", () -> {
            StoredRule rule = rule();
            return ContractRequests.Sent.json("/api/approval-rules/" + rule.id(), "{'enabled':false}")
                    .ifMatch(rule.version());
        });
        requests.accept("deleteRule", () -> {
            StoredRule rule = rule();
            return ContractRequests.Sent.to("/api/approval-rules/" + rule.id()).ifMatch(rule.version());
        });
        requests.accept(
                "checkAction",
                () -> ContractRequests.Sent.json(
                        "/api/approval-rules/check",
                        "{'action':{'action':'exec','argv':['git','status']},'rule':{'id':'draft-1','decision':'deny','run':['git']}}"));
        requests.accept(
                "dryRunRules",
                () -> ContractRequests.Sent.json("/api/approval-rules/dry-run", "{'id':'" + rule().id() + "'}"));
        requests.accept(
                "acceptProposal",
                () -> ContractRequests.Sent.to("/api/approval-rules/proposals/" + proposed() + "/accept"));
    }

    /** Three approvals of one shape, of another program each time, so that they are proposed. */
    private String proposed() {
        String program = List.of("du", "stat", "file", "cmp", "od", "comm").get(PROGRAM.incrementAndGet() % 6);
        for (int i = 0; i < 3; i++) {
            Review review = reviews.ask(request(program, "docs/" + NUMBER.incrementAndGet() + ".txt"));
            reviews.record(new RecordedApproval(
                    0,
                    reviews.now(),
                    review.request().action(),
                    "{\"folder\":\"/srv/app\"}",
                    "ask",
                    List.of(),
                    "",
                    "",
                    0,
                    Optional.of("agent:builder"),
                    Optional.of("run-1"),
                    Optional.of(review.id()),
                    Optional.empty()));
            reviews.decide(
                    review.id(),
                    ReviewDecision.of(
                            ReviewChoice.ONCE, review.request().action().sha256(), ServerFixture.USER));
        }
        return "proposed-run-" + program;
    }

    private static ContractRequests.Sent sent(Review review, String action) {
        return new ContractRequests.Sent("/api/reviews/" + review.id() + action, Map.of(), null);
    }

    private static ContractRequests.Sent json(Review review, String action, String body) {
        return ContractRequests.Sent.json("/api/reviews/" + review.id() + action, body);
    }
}
