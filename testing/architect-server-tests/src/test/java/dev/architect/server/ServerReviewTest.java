package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.Reviews;
import dev.architect.review.Review;
import dev.architect.review.ReviewKind;
import dev.architect.review.ReviewRemark;
import dev.architect.review.ReviewRequest;
import dev.architect.review.ReviewRequester;
import dev.architect.review.ReviewState;
import dev.architect.review.ReviewedAction;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reviews and approval rules over REST. */
final class ServerReviewTest {

    private final ServerFixture fixture = new ServerFixture();
    private final Reviews reviews = fixture.architect.reviews();

    @AfterEach
    void close() {
        fixture.close();
    }

    private Review ask(String... argv) {
        return reviews.ask(ReviewRequests.request(argv));
    }

    private HttpResponse<String> decide(Review review, String decision, String more) {
        return decide(review, decision, review.request().action().sha256(), more);
    }

    private HttpResponse<String> decide(Review review, String decision, String sha256, String more) {
        return fixture.postAsPerson(
                "/api/reviews/" + review.id() + "/decision",
                "{\"decision\":\"" + decision + "\",\"sha256\":\"" + sha256 + "\"" + more + "}");
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    private ReviewState state(Review review) {
        return reviews.get(review.id()).state();
    }

    @Test
    void aReviewIsListedShownAndDecidedOnce() {
        Review review = ask("mvn", "verify");
        ask("git", "push");
        JsonNode list = fixture.getJson("/api/reviews?limit=1");
        assertThat(list.at("/reviews/0/title").textValue()).isEqualTo("mvn verify");
        JsonNode next =
                fixture.getJson("/api/reviews?limit=1&after=" + list.get("next").textValue());
        assertThat(next.at("/reviews/0/title").textValue()).isEqualTo("git push");

        JsonNode shown = fixture.getJson("/api/reviews/" + review.id());
        assertThat(shown.at("/action/argv/1").textValue()).isEqualTo("verify");
        assertThat(shown.get("preview").textValue()).contains("+ a line");
        HttpResponse<String> decided = decide(review, "once", ",\"tookMillis\":3000");

        assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
        assertThat(decided.headers().firstValue("ETag")).contains("\"3\"");
        assertThat(fixture.json(decided).at("/outcome/actor").textValue()).isEqualTo(ServerFixture.USER);
        HttpResponse<String> late = decide(review, "deny", ",\"comment\":\"no\"");
        assertProblem(late, 409, "already-decided");
        assertThat(fixture.json(late).at("/current/state").textValue()).isEqualTo("approved");
        assertThat(fixture.getJson("/api/reviews?state=approved,used").at("/reviews"))
                .hasSize(1);
        assertThat(fixture.getJson("/api/reviews/figures").get("medianMillis").intValue())
                .isEqualTo(3000);
    }

    @Test
    void whatWasNotShownAndWhatIsOwnWorkIsNotDecided() {
        Review review = ask("mvn", "verify");
        Review own = reviews.ask(ReviewRequest.builder(
                        ReviewKind.COMMAND,
                        "make",
                        ReviewedAction.of("{\"argv\":[\"make\"]}"),
                        ReviewRequester.named("agent:builder").withUser(ServerFixture.USER))
                .build());

        assertProblem(decide(review, "once", "0".repeat(64), ""), 412, "stale-version");
        assertProblem(decide(own, "once", ""), 403, "own-work");
        assertProblem(decide(review, "deny", ""), 400, "invalid-value");
        assertProblem(decide(review, "answer", ",\"comment\":\"yes\""), 422, "not-possible");
        assertProblem(decide(review, "maybe", ""), 400, "invalid-value");
        assertProblem(
                decide(
                        review,
                        "edit",
                        ",\"action\":{\"action\":\"exec\",\"argv\":[\"cat\",\"/home/agent/.ssh/id_rsa\"]}"),
                422,
                "denied-by-rule");

        assertThat(state(review)).isEqualTo(ReviewState.OPEN);
        assertThat(state(own)).isEqualTo(ReviewState.OPEN);
    }

    @Test
    void aDecisionIsTakenBack() {
        Review review = ask("mvn", "verify");
        decide(review, "once", "");

        HttpResponse<String> undone = fixture.postAsPerson("/api/reviews/" + review.id() + "/undo", "");

        assertThat(fixture.json(undone).get("state").textValue()).isEqualTo("open");
        decide(review, "once", "");
        reviews.use(review.id(), review.request().action());
        assertProblem(fixture.postAsPerson("/api/reviews/" + review.id() + "/undo", ""), 409, "too-late");
    }

    @Test
    void wishesForChangesComeWithTheirLines() {
        Review review = ask("git", "merge");

        HttpResponse<String> wished = decide(
                review,
                "changes",
                ",\"comment\":\"two\",\"remarks\":[{\"file\":\"a.txt\",\"line\":3,\"text\":\"x\"},{\"text\":\"y\"}]");

        assertThat(fixture.json(wished).get("comments")).hasSize(2);
        assertThat(reviews.comments(review.id()).get(0).remark()).isEqualTo(ReviewRemark.at("a.txt", 3, "x"));
    }

    @Test
    void aRuleGoesItsWayFromDryRunToForce() {
        HttpResponse<String> made = fixture.postAsPerson(
                "/api/approval-rules",
                "{\"rule\":{\"id\":\"log\",\"decision\":\"allow\",\"run\":[\"hostname\"],\"operands\":[\"none\"]}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(fixture.json(made).get("enabled").booleanValue()).isFalse();
        String etag = made.headers().firstValue("ETag").orElseThrow();

        assertProblem(patch("log", null, "{\"enabled\":true}"), 428, "precondition-needed");
        assertProblem(patch("log", etag, "{\"enabled\":true}"), 409, "not-tried");
        JsonNode run = fixture.json(fixture.postAsPerson("/api/approval-rules/dry-run", "{\"id\":\"log\"}"));
        assertProblem(patch("log", etag, "{\"enabled\":true}"), 412, "stale-version");
        HttpResponse<String> enabled =
                patch("log", "\"" + run.at("/rule/version").intValue() + "\"", "{\"enabled\":true}");

        assertThat(enabled.statusCode()).as(enabled.body()).isEqualTo(200);
        String action = "{\"action\":{\"action\":\"exec\",\"argv\":[\"hostname\"]},\"folder\":\"/srv/app\"}";
        assertThat(fixture.json(fixture.postAsPerson("/api/approval-rules/check", action))
                        .at("/rules/0")
                        .textValue())
                .isEqualTo("log");
        assertProblem(
                fixture.postAsPerson(
                        "/api/approval-rules", "{\"rule\":{\"id\":\"sh\",\"decision\":\"allow\",\"run\":[\"bash\"]}}"),
                400,
                "invalid-value");
    }

    private HttpResponse<String> patch(String id, String etag, String body) {
        HttpRequest.Builder request = fixture.request("/api/approval-rules/" + id)
                .header("Content-Type", "application/merge-patch+json")
                .method("PATCH", HttpRequest.BodyPublishers.ofString(body));
        if (etag != null) {
            request.header("If-Match", etag);
        }
        return fixture.send(request);
    }
}
