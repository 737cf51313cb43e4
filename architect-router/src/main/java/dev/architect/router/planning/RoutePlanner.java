package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.Candidate;
import dev.architect.route.Classification;
import dev.architect.route.Exclusion;
import dev.architect.route.QualityFloor;
import dev.architect.route.Route;
import dev.architect.route.SelectionReason;
import dev.architect.router.admission.Deployment;
import dev.architect.router.classification.PromptClassifier;
import dev.architect.router.cost.CallPricer;
import dev.architect.router.cost.TokenEstimator;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.spi.TimeSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the route of a request: excludes the models that may not answer, and orders the others by what this very request
 * would cost on them. When no model reaches the quality floor, the others are taken, best first. A route holds codes and
 * numbers, so that no text is built for a decision that is not read. Safe for use by several threads.
 */
public final class RoutePlanner {

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
        CostEstimator estimator =
                new CostEstimator(prices, tokens, request, classification.complexity(), time.wallTime());
        QualityFloor floor = floor(request, classification.complexity());
        Set<Capability> required = request.requiredCapabilities();
        List<RatedModel> aboveFloor = new ArrayList<>();
        List<RatedModel> belowFloor = new ArrayList<>();
        List<Exclusion> exclusions = new ArrayList<>();
        for (ModelPolicy model : policy.models()) {
            Deployment deployment = deployments.get(model.id());
            Optional<Exclusion> exclusion = exclusion(model, deployment, request, required);
            // Before the estimate, which counts the tokens of the whole prompt.
            if (exclusion.isPresent()) {
                exclusions.add(exclusion.get());
                continue;
            }
            RatedModel rated = new RatedModel(Objects.requireNonNull(deployment), estimator.estimate(model));
            if (!rated.fitsWindow()) {
                exclusions.add(rated.windowExclusion());
            } else {
                (rated.quality() >= floor.minimum() ? aboveFloor : belowFloor).add(rated);
            }
        }
        unknownModelExclusion(request).ifPresent(exclusions::add);
        // An answer of less quality is better than none, and its reason is part of the route.
        if (aboveFloor.isEmpty() && !belowFloor.isEmpty()) {
            belowFloor.sort(RatedModel.BEST_FIRST);
            return plan(classification, belowFloor, SelectionReason.BEST_BELOW_FLOOR, floor, exclusions);
        }
        belowFloor.forEach(rated -> exclusions.add(new Exclusion.BelowFloor(rated.id(), rated.quality(), floor)));
        aboveFloor.sort(RatedModel.CHEAPEST_FIRST);
        SelectionReason selection = request.selection().model().isPresent()
                ? SelectionReason.NAMED_BY_REQUEST
                : SelectionReason.MEETS_FLOOR;
        return plan(classification, aboveFloor, selection, floor, exclusions);
    }

    private QualityFloor floor(ChatRequest request, Complexity complexity) {
        if (request.selection().model().isPresent()) {
            // Who names a model has chosen its quality.
            return QualityFloor.NONE;
        }
        return new QualityFloor(
                policy.floor(request.selection().quality(), complexity),
                request.selection().quality() == Quality.AUTO ? Optional.of(complexity) : Optional.empty());
    }

    private static RoutePlan plan(
            Classification classification,
            List<RatedModel> ordered,
            SelectionReason selection,
            QualityFloor floor,
            List<Exclusion> exclusions) {
        List<Candidate> candidates = new ArrayList<>(ordered.size());
        List<Deployment> chosen = new ArrayList<>(ordered.size());
        for (RatedModel rated : ordered) {
            candidates.add(rated.candidate(selection, floor));
            chosen.add(rated.deployment());
        }
        return new RoutePlan(new Route(classification, candidates, exclusions), chosen);
    }

    /** Why the model may not answer, whatever the request costs on it. */
    private static Optional<Exclusion> exclusion(
            ModelPolicy model, @Nullable Deployment deployment, ChatRequest request, Set<Capability> required) {
        ModelId id = model.id();
        if (!model.isEnabled()) {
            return Optional.of(new Exclusion.Disabled(id));
        }
        if (request.selection().model().filter(named -> !named.equals(id)).isPresent()) {
            return Optional.of(new Exclusion.OtherModelNamed(id));
        }
        if (deployment == null) {
            return Optional.of(new Exclusion.ProviderNotConfigured(id));
        }
        Set<Capability> offered = deployment.provider().provider().capabilities(id.model());
        if (offered.containsAll(required)) {
            return deployment
                    .availability()
                    .gone(id.model())
                    .map(gone -> new Exclusion.ModelGone(id, gone.since(), gone.nextCheck()));
        }
        // Only where something is missing: most requests need nothing special, and EnumSet.copyOf rejects an empty
        // collection.
        Set<Capability> missing = EnumSet.copyOf(required);
        missing.removeAll(offered);
        return Optional.of(new Exclusion.CapabilityMissing(id, missing));
    }

    private Optional<Exclusion> unknownModelExclusion(ChatRequest request) {
        return request.selection()
                .model()
                .filter(named ->
                        policy.models().stream().noneMatch(model -> model.id().equals(named)))
                .map(Exclusion.NotInPolicy::new);
    }
}
