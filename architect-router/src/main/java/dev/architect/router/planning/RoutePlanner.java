package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.router.classification.PromptClassifier;
import dev.architect.spi.TimeSource;

/** Plans the route of a request: classifies it, and lets a {@link RoutingSnapshot} decide. Safe for use by several threads. */
public final class RoutePlanner {

    private final RoutingSnapshot snapshot;
    private final PromptClassifier classifier = new PromptClassifier();
    private final TimeSource time;

    public RoutePlanner(RoutingSnapshot snapshot, TimeSource time) {
        this.snapshot = snapshot;
        this.time = time;
    }

    public RoutePlan plan(ChatRequest request) {
        RequestProfile profile = snapshot.profile(request, classifier.classify(request));
        Decision decision = new Decision(snapshot.size());
        snapshot.decide(profile, time.wallTime(), decision);
        return new RoutePlan(snapshot, profile, decision);
    }
}
