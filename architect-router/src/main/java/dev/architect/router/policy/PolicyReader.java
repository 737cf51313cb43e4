package dev.architect.router.policy;

import dev.architect.chat.Quality;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.request.CallLimits;
import dev.architect.router.choice.LearnedSettings;
import dev.architect.router.rule.ModelTraits;
import dev.architect.router.rule.RoutingRules;
import dev.architect.router.rule.Tier;
import dev.architect.router.yaml.YamlFile;
import dev.architect.router.yaml.YamlObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads a routing policy and collects everything that is wrong with it. */
final class PolicyReader {

    private static final String MODEL_ID = "provider/model";
    private static final Duration SHORTEST = PolicyChecks.SHORTEST;
    private static final Duration LONGEST = PolicyChecks.LONGEST;
    static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(10);
    static final Duration CALL_TIMEOUT = Duration.ofMinutes(1);
    private static final int MAX_MODELS = RoutingPolicy.MAX_MODELS;
    private static final int MAX_CONCURRENT = ModelPolicy.MAX_CONCURRENT;
    private static final int USUAL_CONCURRENT = ModelPolicy.USUAL_CONCURRENT;
    private static final int MAX_TOKENS = ModelPolicy.MAX_TOKENS;
    private static final List<String> QUALITIES = List.of("basic", "standard", "high");
    private static final List<String> COMPLEXITIES = List.of("simple", "medium", "complex");
    private static final Map<String, Integer> USUAL_FLOORS =
            Map.of("simple", 40, "medium", 65, "complex", 85, "basic", 0, "standard", 65, "high", 90);

    private final YamlFile file;
    private final Path directory;

    private PolicyReader(String name, Path directory) {
        this.file = new YamlFile(name);
        this.directory = directory;
    }

    static RoutingPolicy load(Path path) {
        Path directory = Objects.requireNonNullElse(path.toAbsolutePath().getParent(), Path.of(""));
        PolicyReader reader = new PolicyReader(path.toString(), directory);
        return reader.read(reader.file.read(path));
    }

    static RoutingPolicy parse(String name, String yaml) {
        return new PolicyReader(name, Path.of("")).read(Optional.of(yaml));
    }

    static RoutingPolicy standard() {
        return Standard.POLICY;
    }

    /** Read once, at first use. */
    private static final class Standard {
        static final RoutingPolicy POLICY = parse("standard-policy.yaml", RoutingPolicy.standardText());
    }

    private RoutingPolicy read(Optional<String> text) {
        Optional<RoutingPolicy> policy = text.flatMap(file::parse).flatMap(this::policy);
        if (policy.isEmpty() || !file.isValid()) {
            throw new PolicyException(file.problems());
        }
        return policy.get();
    }

    private Optional<RoutingPolicy> policy(YamlObject root) {
        root.allowOnly(List.of(
                        "baseline",
                        "requestTimeout",
                        "callTimeout",
                        "limits",
                        "floors",
                        "breaker",
                        "retry",
                        "probe",
                        "hedging",
                        "verification",
                        "cache",
                        "quotas",
                        "throttling",
                        "records",
                        "tiers",
                        "strategies",
                        "rules",
                        "experiments",
                        "learned",
                        "models"))
                .require("baseline", MODEL_ID)
                .require("models", "a list of models");
        Optional<ModelId> baseline = root.text("baseline", MODEL_ID, ModelId::parse);
        Duration request = root.duration("requestTimeout", SHORTEST, LONGEST).orElse(REQUEST_TIMEOUT);
        Duration call = root.duration("callTimeout", SHORTEST, LONGEST).orElse(CALL_TIMEOUT);
        CallLimits limits = limits(root, RoutingPolicy.USUAL_LIMITS).orElse(RoutingPolicy.USUAL_LIMITS);
        Optional<QualityFloors> floors = floors(root);
        CircuitBreakerSettings breaker = CircuitBreakerReader.read(root);
        RetrySettings retry = retry(root);
        ProbeSettings probes = HealthReader.probe(root);
        HedgingSettings hedging = HealthReader.hedging(root);
        List<ModelPolicy> models = models(root, limits);
        VerificationSettings verification = VerificationReader.read(root);
        CacheSettings cache = CacheReader.read(root);
        List<QuotaRule> quotas = AdmissionReader.quotas(root, models);
        ThrottleSettings throttling = AdmissionReader.throttling(root);
        RecordSettings records = RecordReader.read(root);
        Optional<RoutingRules> rules = RulesReader.read(root, models);
        Optional<LearnedSettings> learned = LearnedReader.read(root, models, directory);
        if (!file.isValid() || baseline.isEmpty() || floors.isEmpty() || rules.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(RoutingPolicy.builder(baseline.get(), models)
                .requestTimeout(request)
                .callTimeout(call)
                .limits(limits)
                .floors(floors.get())
                .circuitBreaker(breaker)
                .retry(retry)
                .probes(probes)
                .hedging(hedging)
                .verification(verification)
                .cache(cache)
                .quotas(quotas)
                .throttling(throttling)
                .records(records)
                .rules(rules.get())
                .learned(learned)
                .build());
    }

    private Optional<QualityFloors> floors(YamlObject root) {
        Optional<YamlObject> object = root.object("floors");
        object.ifPresent(floors -> floors.allowOnly(List.of("complexity", "quality")));
        Map<Complexity, Integer> byComplexity = new HashMap<>();
        floors(object.flatMap(floors -> floors.object("complexity")), COMPLEXITIES)
                .forEach((name, floor) -> byComplexity.put(Complexity.valueOf(name.toUpperCase(Locale.ROOT)), floor));
        Map<Quality, Integer> byQuality = new HashMap<>();
        floors(object.flatMap(floors -> floors.object("quality")), QUALITIES)
                .forEach((name, floor) -> byQuality.put(Quality.valueOf(name.toUpperCase(Locale.ROOT)), floor));
        return file.isValid() ? Optional.of(new QualityFloors(byComplexity, byQuality)) : Optional.empty();
    }

    /** Reads floors in the order of {@code names}; none may be under the one before it. */
    private static Map<String, Integer> floors(Optional<YamlObject> object, List<String> names) {
        object.ifPresent(floors -> floors.allowOnly(names));
        Map<String, Integer> floors = new HashMap<>();
        int before = 0;
        for (String name : names) {
            int least = before;
            int floor = object.flatMap(given -> given.integer(name, least, RoutingPolicy.MAX_QUALITY))
                    .orElse(Math.max(least, USUAL_FLOORS.getOrDefault(name, 0)));
            floors.put(name, floor);
            before = floor;
        }
        return floors;
    }

    /** Reads {@code limits}, in which what is left out is as in {@code usual}; empty when the object has none. */
    private static Optional<CallLimits> limits(YamlObject given, CallLimits usual) {
        return given.object("limits").map(limits -> {
            limits.allowOnly(List.of("headers", "firstToken", "idle", "total"));
            return new CallLimits(
                    limits.duration("headers", SHORTEST, LONGEST).orElse(usual.headers()),
                    limits.duration("firstToken", SHORTEST, LONGEST).orElse(usual.firstToken()),
                    limits.duration("idle", SHORTEST, LONGEST).orElse(usual.idle()),
                    limits.duration("total", SHORTEST, LONGEST).orElse(usual.total()));
        });
    }

    private static RetrySettings retry(YamlObject root) {
        RetrySettings usual = RetrySettings.STANDARD;
        Optional<YamlObject> object = root.object("retry");
        if (object.isEmpty()) {
            return usual;
        }
        YamlObject given = object.get()
                .allowOnly(
                        List.of("attempts", "firstDelay", "longestDelay", "patience", "longestWait", "budgetPercent"));
        Duration first = given.duration("firstDelay", SHORTEST, LONGEST).orElse(usual.firstDelay());
        Duration usualLongest = first.compareTo(usual.longestDelay()) > 0 ? first : usual.longestDelay();
        return new RetrySettings(
                given.integer("attempts", 0, RetrySettings.MAX_ATTEMPTS).orElse(usual.attempts()),
                first,
                given.duration("longestDelay", first, LONGEST).orElse(usualLongest),
                given.duration("patience", Duration.ZERO, LONGEST).orElse(usual.patience()),
                given.duration("longestWait", Duration.ZERO, LONGEST).orElse(usual.longestWait()),
                given.integer("budgetPercent", 0, RetrySettings.MAX_PERCENT).orElse(usual.budgetPercent()));
    }

    private List<ModelPolicy> models(YamlObject root, CallLimits limits) {
        List<YamlObject> objects = root.objects("models");
        if (root.isList("models") && (objects.isEmpty() || objects.size() > MAX_MODELS)) {
            root.problem("models", "has " + objects.size() + " entries, expected 1.." + MAX_MODELS);
        }
        List<ModelPolicy> models = new ArrayList<>();
        Map<ModelId, Integer> lines = new HashMap<>();
        for (YamlObject object : objects) {
            model(object, limits).ifPresent(model -> {
                Integer earlier = lines.putIfAbsent(model.id(), object.line());
                if (earlier != null) {
                    object.problem(
                            "model", "is '" + model.id() + "', which line " + earlier + " has, expected each once");
                }
                models.add(model);
            });
        }
        return models;
    }

    private static Optional<ModelPolicy> model(YamlObject given, CallLimits usual) {
        given.allowOnly(List.of(
                        "model",
                        "quality",
                        "maxConcurrent",
                        "concurrency",
                        "contextTokens",
                        "expectedOutputTokens",
                        "enabled",
                        "limits",
                        "local",
                        "weight",
                        "tier"))
                .require("model", MODEL_ID)
                .require("quality", "0.." + RoutingPolicy.MAX_QUALITY)
                .require("contextTokens", "the size of its window in tokens");
        Optional<ModelId> id = given.text("model", MODEL_ID, ModelId::parse);
        Optional<Integer> quality = given.integer("quality", 0, RoutingPolicy.MAX_QUALITY);
        Optional<Integer> context = given.integer("contextTokens", 1, MAX_TOKENS);
        int concurrent = given.integer("maxConcurrent", 1, MAX_CONCURRENT).orElse(USUAL_CONCURRENT);
        ModelPolicy.Concurrency concurrency = given.text("concurrency", "fixed or adaptive", PolicyReader::concurrency)
                .orElse(ModelPolicy.Concurrency.FIXED);
        OptionalInt output = given.integer("expectedOutputTokens", 1, MAX_TOKENS).stream()
                .mapToInt(Integer::intValue)
                .findFirst();
        boolean enabled = given.bool("enabled").orElse(true);
        Optional<CallLimits> limits = limits(given, usual);
        ModelTraits traits = traits(given);
        if (id.isEmpty() || quality.isEmpty() || context.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ModelPolicy(
                id.get(), quality.get(), concurrent, context.get(), output, enabled, limits, concurrency, traits));
    }

    private static ModelPolicy.@Nullable Concurrency concurrency(String text) {
        return switch (text) {
            case "fixed" -> ModelPolicy.Concurrency.FIXED;
            case "adaptive" -> ModelPolicy.Concurrency.ADAPTIVE;
            default -> null;
        };
    }

    private static ModelTraits traits(YamlObject given) {
        return new ModelTraits(
                given.bool("local").orElse(ModelTraits.STANDARD.isLocal()),
                given.integer("weight", 0, ModelTraits.MAX_WEIGHT).orElse(ModelTraits.STANDARD.weight()),
                given.text("tier", RulesReader.NAME, name -> Tier.isName(name) ? name : null));
    }
}
