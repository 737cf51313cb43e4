package dev.architect.router.planning;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.error.DidYouMean;
import dev.architect.json.JsonFields;
import dev.architect.model.Capability;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.route.UnservableRequestException;
import dev.architect.router.admission.Deployment;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Refuses requests that no model of the policy could ever answer: an unknown, switched off or unconfigured model, capabilities
 * that no configured model has, a quality that none reaches, options of an unknown provider. It looks at the policy and at the
 * configured providers alone, never at what passes, such as an open circuit breaker. Safe for use by several threads.
 */
public final class RequestCheck {

    /** More would not be a short sentence. */
    private static final int MOST_NAMES = 3;

    private final RoutingPolicy policy;
    private final Map<ModelId, ModelPolicy> known;

    /** Those that are enabled and whose provider is configured, in the order of the policy. */
    private final List<Deployment> servable;

    private final Set<String> providers;

    /**
     * Creates the check.
     *
     * @param deployments the models of the policy whose providers are configured
     * @param providers the names of the configured providers
     */
    public RequestCheck(RoutingPolicy policy, Map<ModelId, Deployment> deployments, Collection<String> providers) {
        this.policy = policy;
        this.known = policy.models().stream().collect(Collectors.toUnmodifiableMap(ModelPolicy::id, model -> model));
        this.servable = policy.models().stream()
                .filter(ModelPolicy::isEnabled)
                .map(model -> Optional.ofNullable(deployments.get(model.id())))
                .flatMap(Optional::stream)
                .toList();
        this.providers = Stream.concat(
                        providers.stream(),
                        policy.models().stream().map(model -> model.id().provider()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Checks a request.
     *
     * @throws UnservableRequestException when it could never be answered
     */
    public void check(ChatRequest request) {
        checkOptions(request);
        Optional<ModelId> named = request.selection().model();
        named.ifPresent(model -> checkModel(model, request));
        if (servable.isEmpty()) {
            throw new UnservableRequestException(
                    "model",
                    "any",
                    null,
                    "but none of the " + known.size()
                            + " models of the policy is enabled and has a configured provider");
        }
        checkCapabilities(request, named);
        if (named.isEmpty()) {
            checkQuality(request.selection().quality());
        }
    }

    private void checkOptions(ChatRequest request) {
        for (String option : request.options().keySet()) {
            String provider = option.substring(0, Math.max(0, option.indexOf('.')));
            if (!providers.contains(provider)) {
                Optional<String> near = DidYouMean.of(provider, new TreeSet<>(providers));
                throw new UnservableRequestException(
                        "options",
                        option,
                        near.map(name -> name + option.substring(provider.length()))
                                .orElse(null),
                        "whose provider is unknown, " + expected(near, new TreeSet<>(providers)));
            }
        }
    }

    private void checkModel(ModelId named, ChatRequest request) {
        ModelPolicy model = known.get(named);
        if (servable.stream().anyMatch(deployment -> request.selection().allows(deployment.id()))) {
            return;
        }
        List<String> names =
                servable.stream().map(deployment -> deployment.id().toString()).toList();
        Optional<String> near = nearestModel(named, names);
        String reason;
        if (model == null) {
            reason = providers.contains(named.provider())
                    ? "which is not in the policy, "
                    : "whose provider is unknown, ";
        } else {
            reason = model.isEnabled() ? "whose provider is not configured, " : "which is switched off in the policy, ";
        }
        throw new UnservableRequestException(
                "model", named.toString(), near.orElse(null), reason + expected(near, names));
    }

    /** The nearest whole name, else the model of the same name at another provider. */
    private static Optional<String> nearestModel(ModelId named, List<String> names) {
        return DidYouMean.of(named.toString(), names)
                .or(() -> names.stream()
                        .filter(name -> ModelId.parse(name).model().equals(named.model()))
                        .findFirst());
    }

    private void checkCapabilities(ChatRequest request, Optional<ModelId> named) {
        Set<Capability> required = request.requiredCapabilities();
        if (required.isEmpty()) {
            return;
        }
        Predicate<Deployment> mayAnswer = deployment -> request.selection().allows(deployment.id());
        if (servable.stream()
                .filter(mayAnswer)
                .anyMatch(deployment -> offered(deployment).containsAll(required))) {
            return;
        }
        Deployment nearest = servable.stream()
                .min(Comparator.comparingInt(
                        deployment -> lacks(deployment, required).size()))
                .orElseThrow();
        Set<Capability> missing = lacks(nearest, required);
        if (named.isPresent() && missing.isEmpty()) {
            Deployment chosen = servable.stream().filter(mayAnswer).findFirst().orElseThrow();
            throw new UnservableRequestException(
                    "model",
                    named.get().toString(),
                    nearest.id().toString(),
                    "which lacks " + words(lacks(chosen, required)) + ", did you mean '" + nearest.id() + "'?");
        }
        Set<Capability> byNobody = EnumSet.copyOf(required);
        servable.forEach(deployment -> byNobody.removeAll(offered(deployment)));
        Set<Capability> cause = byNobody.isEmpty() ? required : byNobody;
        throw new UnservableRequestException(
                field(cause, request),
                words(cause),
                nearest.id().toString(),
                "which no configured model has" + (byNobody.isEmpty() ? " together" : "") + ", nearest is '"
                        + nearest.id() + "' without " + words(missing));
    }

    private static Set<Capability> lacks(Deployment deployment, Set<Capability> required) {
        Set<Capability> missing = EnumSet.noneOf(Capability.class);
        missing.addAll(required);
        missing.removeAll(offered(deployment));
        return missing;
    }

    /** Known or assumed by the provider, which must not block for it. */
    private static Set<Capability> offered(Deployment deployment) {
        return deployment.provider().provider().capabilities(deployment.id().model());
    }

    /** The field that asks for the capabilities, as in the JSON form of a request. */
    private static String field(Set<Capability> cause, ChatRequest request) {
        if (request.selection().needs().containsAll(cause)) {
            return "needs";
        }
        Set<String> fields = cause.stream()
                .map(capability -> request.selection().needs().contains(capability) ? "needs" : field(capability))
                .collect(Collectors.toSet());
        return fields.size() == 1 ? fields.iterator().next() : "needs";
    }

    private static String field(Capability capability) {
        return switch (capability) {
            case SYSTEM_TEXT -> "system";
            case MAX_OUTPUT_TOKENS -> "maxOutputTokens";
            case TEMPERATURE -> "temperature";
            case STOP_SEQUENCES -> "stopSequences";
            case TOOLS -> "tools";
            case TOOL_CHOICE -> "toolChoice";
            case SINGLE_TOOL_CALL -> "parallelToolCalls";
            case JSON_SCHEMA -> "outputSchema";
            case REASONING_EFFORT -> "effort";
            case MULTI_TURN, IMAGES, DOCUMENT_INPUT, MEDIA_LINKS, CACHE_BREAKPOINTS -> "messages";
            case STREAMING, WEB_SEARCH, DOCUMENTS, TOKEN_COUNT, EMBEDDINGS, PREFILL -> "needs";
            case OPENAI_CHAT_BODY, OPENAI_RESPONSES_BODY, ANTHROPIC_MESSAGES_BODY -> "wireBody";
        };
    }

    private void checkQuality(Quality quality) {
        if (quality == Quality.AUTO) {
            return;
        }
        int best = servable.stream()
                .mapToInt(deployment -> deployment.modelPolicy().quality())
                .max()
                .orElse(0);
        if (floor(quality) <= best) {
            return;
        }
        Quality nearest = Stream.of(Quality.HIGH, Quality.STANDARD, Quality.BASIC)
                .filter(lower -> floor(lower) <= best)
                .findFirst()
                .orElse(Quality.AUTO);
        throw new UnservableRequestException(
                "quality",
                JsonFields.wordOf(quality),
                JsonFields.wordOf(nearest),
                "which needs " + floor(quality) + " and the best configured model has " + best + ", nearest is '"
                        + JsonFields.wordOf(nearest) + "'");
    }

    /** The floor of a named quality is the same for every complexity. */
    private int floor(Quality quality) {
        return policy.floor(quality, Complexity.COMPLEX);
    }

    private static String words(Set<Capability> capabilities) {
        return capabilities.stream().sorted().map(JsonFields::wordOf).collect(Collectors.joining(", "));
    }

    private static String expected(Optional<String> near, Collection<String> names) {
        return near.map(name -> "did you mean '" + name + "'?").orElseGet(() -> {
            String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
            int rest = names.size() - MOST_NAMES;
            return names.isEmpty()
                    ? "and no model is configured"
                    : "expected one of " + first + (rest > 0 ? " and " + rest + " more" : "");
        });
    }
}
