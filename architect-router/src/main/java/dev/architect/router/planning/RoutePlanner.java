package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.model.ModelId;
import dev.architect.route.Candidate;
import dev.architect.route.Classification;
import dev.architect.route.Exclusion;
import dev.architect.route.Route;
import dev.architect.router.admission.Deployment;
import dev.architect.router.classification.PromptClassifier;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TimeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Chooses the route of a request: leaves out the models that may not answer, and orders the others by what this very request
 * would cost on them. When no model reaches the quality floor, the best of the others are taken, best first. Safe for use by
 * several threads.
 */
public final class RoutePlanner {

    private static final Comparator<CostEstimate> CHEAPEST_FIRST = Comparator.comparing(CostEstimate::isUnpriced)
            .thenComparing(CostEstimate::costOrZero)
            .thenComparing(Comparator.comparingInt(CostEstimate::quality).reversed())
            .thenComparing(CostEstimate::name);
    private static final Comparator<CostEstimate> BEST_FIRST =
            Comparator.comparingInt(CostEstimate::quality).reversed().thenComparing(CHEAPEST_FIRST);

    private final RoutingPolicy policy;
    private final Map<ModelId, Deployment> deployments;
    private final PromptClassifier classifier = new PromptClassifier();
    private final TokenEstimator tokens;
    private final CallPricer prices;
    private final TimeSource time;

    public RoutePlanner(
            RoutingPolicy policy,
            Map<ModelId, Deployment> deployments,
            TokenEstimator tokens,
            CallPricer prices,
            TimeSource time) {
        this.policy = policy;
        this.deployments = Map.copyOf(deployments);
        this.tokens = tokens;
        this.prices = prices;
        this.time = time;
    }

    public RoutePlan plan(ChatRequest request) {
        Classification classification = classifier.classify(request);
        CostEstimator offers = new CostEstimator(prices, tokens, request, classification.complexity(), time.wallTime());
        int floor = request.selection().model().isPresent()
                ? 0
                : policy.floor(request.selection().quality(), classification.complexity());
        List<CostEstimate> reaching = new ArrayList<>();
        List<CostEstimate> under = new ArrayList<>();
        List<Exclusion> exclusions = new ArrayList<>();
        for (RoutingPolicy.Model model : policy.models()) {
            Optional<String> obstacle = obstacle(model, request);
            if (obstacle.isPresent()) {
                exclusions.add(new Exclusion(model.id(), obstacle.get()));
                continue;
            }
            CostEstimate offer = offers.of(model);
            if (offer.fits()) {
                (offer.quality() >= floor ? reaching : under).add(offer);
            } else {
                exclusions.add(new Exclusion(model.id(), offer.tooSmall()));
            }
        }
        unknownPin(request).ifPresent(exclusions::add);
        String floorText = floorText(floor, request, classification);
        if (reaching.isEmpty() && !under.isEmpty()) {
            under.sort(BEST_FIRST);
            return plan(
                    classification,
                    under,
                    "; under the " + floorText + " that no model reaches, so best first",
                    exclusions);
        }
        under.forEach(offer -> exclusions.add(
                new Exclusion(offer.model().id(), "has quality " + offer.quality() + ", under the " + floorText)));
        reaching.sort(CHEAPEST_FIRST);
        String suffix = request.selection().model().isPresent() ? "; the request names it" : "; the floor is " + floor;
        return plan(classification, reaching, suffix, exclusions);
    }

    private RoutePlan plan(
            Classification classification, List<CostEstimate> offers, String suffix, List<Exclusion> exclusions) {
        List<Candidate> candidates = offers.stream()
                .map(offer -> new Candidate(offer.model().id(), offer.words() + suffix))
                .toList();
        List<Deployment> chosen = offers.stream()
                .map(offer -> deployments.get(offer.model().id()))
                .toList();
        return new RoutePlan(new Route(classification, candidates, exclusions), chosen);
    }

    /** Why the model may not answer, whatever the request costs on it. */
    private Optional<String> obstacle(RoutingPolicy.Model model, ChatRequest request) {
        if (!model.isEnabled()) {
            return Optional.of("is switched off in the policy");
        }
        if (request.selection()
                .model()
                .filter(pinned -> !pinned.equals(model.id()))
                .isPresent()) {
            return Optional.of("is not the model that the request names");
        }
        Deployment deployment = deployments.get(model.id());
        if (deployment == null) {
            return Optional.of("needs provider " + model.id().provider() + ", which is not configured");
        }
        Set<Capability> missing = EnumSet.noneOf(Capability.class);
        missing.addAll(request.requiredCapabilities());
        missing.removeAll(
                deployment.backend().provider().capabilities(model.id().model()));
        return missing.isEmpty() ? Optional.empty() : Optional.of("lacks " + missing);
    }

    private Optional<Exclusion> unknownPin(ChatRequest request) {
        return request.selection()
                .model()
                .filter(pinned ->
                        policy.models().stream().noneMatch(model -> model.id().equals(pinned)))
                .map(pinned -> new Exclusion(pinned, "is not in the policy"));
    }

    private static String floorText(int floor, ChatRequest request, Classification classification) {
        return "floor of " + floor + " for "
                + (request.selection().quality() == Quality.AUTO
                        ? classification.complexity() + " prompts"
                        : request.selection().quality() + " quality");
    }
}
