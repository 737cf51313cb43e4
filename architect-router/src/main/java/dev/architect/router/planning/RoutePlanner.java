package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.request.RequestScope;
import dev.architect.router.classification.PromptClassifier;
import dev.architect.spi.TimeSource;
import java.time.Instant;

/** Plans the route of a request: classifies it, and lets a {@link RoutingSnapshot} decide. Safe for use by several threads. */
public final class RoutePlanner {

    private final RoutingSnapshot snapshot;
    private final PromptClassifier classifier = new PromptClassifier();
    private final TimeSource time;

    public RoutePlanner(RoutingSnapshot snapshot, TimeSource time) {
        this.snapshot = snapshot;
        this.time = time;
    }

    /** Plans a request that is about to be made. */
    public RoutePlan plan(ChatRequest request, String id, RequestScope scope, boolean isStreamed) {
        return plan(
                request,
                new RequestProfile.Circumstances(id, scope, isStreamed, true),
                new DecisionBuffer(snapshot.size()));
    }

    /** Plans a request that is only looked at: nothing changes, and the plan holds what each strategy saw. */
    public RoutePlan preview(ChatRequest request, String id, RequestScope scope) {
        return plan(
                request, RequestProfile.Circumstances.preview(id, scope), DecisionBuffer.explained(snapshot.size()));
    }

    private RoutePlan plan(ChatRequest request, RequestProfile.Circumstances circumstances, DecisionBuffer decision) {
        RequestProfile profile = snapshot.profile(request, circumstances, classifier.classify(request));
        Instant now = time.wallTime();
        snapshot.decide(profile, now, decision);
        return new RoutePlan(snapshot, profile, decision, now);
    }
}
