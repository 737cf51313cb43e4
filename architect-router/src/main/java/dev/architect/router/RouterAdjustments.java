package dev.architect.router;

import dev.architect.control.ConfiguredModel;
import dev.architect.control.ListedModels;
import dev.architect.control.ModelSetting;
import dev.architect.control.OwnPolicy;
import dev.architect.control.PriceOverlay;
import dev.architect.control.PriceStatus;
import dev.architect.control.RouterControl;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import dev.architect.model.ProviderException;
import dev.architect.router.admission.ProviderState;
import dev.architect.router.cache.CacheKey;
import dev.architect.router.choice.LearnedSelector;
import dev.architect.router.learned.LearnedModelException;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a router was made with and what it was given since: what is in force is made of both. Safe for use by several threads. */
final class RouterAdjustments implements RouterControl {

    private final BiConsumer<RoutingPolicy, PriceCatalogue> target;
    private final Supplier<RoutingPolicy> policyInForce;
    private final Supplier<PriceCatalogue> catalogueInForce;
    private final Collection<ProviderState> providers;
    private final @Nullable Path policyFile;
    /** Held while what is in force changes. */
    private final Object turn = new Object();

    private Given given;
    private volatile @Nullable PriceRefresh source;

    /**
     * What there is to make a policy and prices of.
     *
     * @param own the policy of the router itself
     * @param ownPrices its prices
     * @param followed the policy that is followed in place of its own; null for none
     * @param settings what is changed about models
     * @param priceVersion names the prices on top
     * @param prices the prices on top
     */
    private record Given(
            RoutingPolicy own,
            PriceCatalogue ownPrices,
            @Nullable RoutingPolicy followed,
            List<ModelSetting> settings,
            String priceVersion,
            List<Price> prices) {

        RoutingPolicy policy() {
            return with(followed == null ? own : followed, settings);
        }

        PriceCatalogue catalogue() {
            return prices.isEmpty() ? ownPrices : PriceOverlay.over(ownPrices, priceVersion, prices);
        }

        Given withOwn(RoutingPolicy changed) {
            return new Given(changed, ownPrices, followed, settings, priceVersion, prices);
        }

        Given withOwnPrices(PriceCatalogue changed) {
            return new Given(own, changed, followed, settings, priceVersion, prices);
        }

        Given withFollowed(@Nullable RoutingPolicy changed) {
            return new Given(own, ownPrices, changed, settings, priceVersion, prices);
        }

        Given withSettings(List<ModelSetting> changed) {
            return new Given(own, ownPrices, followed, List.copyOf(changed), priceVersion, prices);
        }

        Given withPrices(String version, List<Price> changed) {
            return new Given(own, ownPrices, followed, settings, version, List.copyOf(changed));
        }
    }

    /**
     * Creates the adjustments of a router that begins with {@code policy} and {@code prices}.
     *
     * @param policyFile the file of the policy; null when it has none
     * @param target puts a policy and prices into force, or throws and has changed nothing
     */
    RouterAdjustments(
            RoutingPolicy policy,
            PriceCatalogue prices,
            @Nullable Path policyFile,
            Collection<ProviderState> providers,
            BiConsumer<RoutingPolicy, PriceCatalogue> target,
            Supplier<RoutingPolicy> policyInForce,
            Supplier<PriceCatalogue> catalogueInForce) {
        this.given = new Given(policy, prices, null, List.of(), "", List.of());
        this.policyFile = policyFile;
        this.providers = providers;
        this.target = target;
        this.policyInForce = policyInForce;
        this.catalogueInForce = catalogueInForce;
    }

    /** From now on prices are asked for there. */
    void askAt(PriceRefresh refresh) {
        this.source = refresh;
    }

    private void change(UnaryOperator<Given> change) {
        synchronized (turn) {
            Given next = change.apply(given);
            target.accept(next.policy(), next.catalogue());
            given = next;
        }
    }

    /** The router's own policy is another one; it counts where none is followed in place of it. */
    void own(RoutingPolicy policy) {
        change(before -> before.withOwn(policy));
    }

    /** The router's own prices are others. */
    void ownPrices(PriceCatalogue prices) {
        change(before -> before.withOwnPrices(prices));
    }

    private static RoutingPolicy with(RoutingPolicy policy, List<ModelSetting> settings) {
        if (settings.isEmpty()) {
            return policy;
        }
        List<ModelPolicy> models =
                policy.models().stream().map(model -> with(model, settings)).toList();
        return models.equals(policy.models())
                ? policy
                : policy.toBuilder().models(models).build();
    }

    private static ModelPolicy with(ModelPolicy model, List<ModelSetting> settings) {
        boolean isEnabled = model.isEnabled();
        ModelPolicy.Builder changed = model.toBuilder();
        // Those of the provider first, so that those of the model count.
        for (boolean isOfModel : new boolean[] {false, true}) {
            for (ModelSetting setting : settings) {
                if (setting.provider().equals(model.id().provider())
                        && setting.model().isPresent() == isOfModel
                        && setting.model()
                                .filter(id -> !id.equals(model.id().model()))
                                .isEmpty()) {
                    isEnabled = setting.enabled().orElse(isEnabled);
                    setting.quality().ifPresent(changed::quality);
                    setting.maxConcurrent().ifPresent(changed::maxConcurrent);
                }
            }
        }
        boolean isOff = settings.stream()
                .anyMatch(setting -> setting.model().isEmpty()
                        && setting.provider().equals(model.id().provider())
                        && !setting.enabled().orElse(true));
        return changed.enabled(isEnabled && !isOff).build();
    }

    @Override
    public OwnPolicy ownPolicy() {
        if (policyFile != null) {
            return new OwnPolicy(OwnPolicy.Source.FILE, text(policyFile));
        }
        RoutingPolicy own;
        synchronized (turn) {
            own = given.own();
        }
        return own.equals(RoutingPolicy.standard())
                ? new OwnPolicy(OwnPolicy.Source.STANDARD, Optional.of(RoutingPolicy.standardText()))
                : new OwnPolicy(OwnPolicy.Source.PROGRAM, Optional.empty());
    }

    private static Optional<String> text(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    @Override
    public String policyVersion() {
        return CacheKey.version(policyInForce.get().toString());
    }

    @Override
    public List<FileProblem> check(String policy) {
        Objects.requireNonNull(policy, "policy");
        try {
            RoutingPolicy parsed = RoutingPolicy.parse(policy);
            parsed.learned().ifPresent(learned -> LearnedSelector.load(learned, null));
            List<ModelSetting> settings;
            synchronized (turn) {
                settings = given.settings();
            }
            with(parsed, settings);
            return List.of();
        } catch (InvalidFileException wrong) {
            return wrong.fileProblems();
        } catch (LearnedModelException | IllegalArgumentException wrong) {
            return List.of(FileProblem.ofFile("policy", oneLine(wrong)));
        }
    }

    private static String oneLine(RuntimeException wrong) {
        return String.valueOf(wrong.getMessage()).replaceAll("\\s+", " ");
    }

    @Override
    public void followPolicy(Optional<String> policy) {
        RoutingPolicy followed = policy.map(RoutingPolicy::parse).orElse(null);
        change(before -> before.withFollowed(followed));
    }

    @Override
    public List<ConfiguredModel> models() {
        return policyInForce.get().models().stream()
                .map(model -> new ConfiguredModel(
                        model.id(), model.isEnabled(), model.quality(), model.maxConcurrent(), model.contextTokens()))
                .toList();
    }

    @Override
    public void setModels(List<ModelSetting> settings) {
        List<ModelSetting> copy = List.copyOf(settings);
        change(before -> before.withSettings(copy));
    }

    @Override
    public List<ListedModels> listModels(Duration timeout) {
        Objects.requireNonNull(timeout, "timeout");
        List<ListedModels> lists = new ArrayList<>();
        for (ProviderState provider : providers) {
            try {
                lists.add(new ListedModels(provider.name(), provider.provider().models(timeout), Optional.empty()));
            } catch (ProviderException failure) {
                lists.add(new ListedModels(provider.name(), List.of(), Optional.of(failure.kind())));
            }
        }
        return List.copyOf(lists);
    }

    @Override
    public PriceStatus prices() {
        PriceRefresh asked = source;
        String ownVersion;
        synchronized (turn) {
            ownVersion = given.ownPrices().version();
        }
        return new PriceStatus(
                catalogueInForce.get(), ownVersion, Optional.ofNullable(asked).map(PriceRefresh::status));
    }

    @Override
    public List<Price> parsePrices(String entry) {
        // JSON is YAML, and so is what holds it.
        return Prices.parse("{\"version\": \"own\", \"base\": \"none\", \"prices\": ["
                        + Objects.requireNonNull(entry, "entry") + "]}")
                .prices();
    }

    @Override
    public PriceCatalogue parseCatalogue(String file) {
        return Prices.parse(Objects.requireNonNull(file, "file"));
    }

    @Override
    public void setPrices(String version, List<Price> prices) {
        List<Price> copy = List.copyOf(prices);
        Objects.requireNonNull(version, "version");
        change(before -> before.withPrices(version, copy));
    }

    @Override
    public boolean refreshPrices() throws InterruptedException {
        PriceRefresh asked = source;
        if (asked == null) {
            throw new UnsupportedOperationException("the router has no source of prices, expected one");
        }
        return asked.refresh();
    }
}
