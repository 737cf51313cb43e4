package dev.architect.routing;

import dev.architect.check.Check;
import dev.architect.control.ModelSetting;
import dev.architect.control.OwnPolicy;
import dev.architect.control.PriceOverlay;
import dev.architect.control.RouterControl;
import dev.architect.cost.Price;
import dev.architect.error.CapacityException;
import dev.architect.error.FileProblem;
import dev.architect.error.InvalidFileException;
import dev.architect.node.ClusterStore;
import dev.architect.node.SharedDocument;
import dev.architect.node.StaleDocumentException;
import dev.architect.spi.TimeSource;
import dev.architect.thread.ThreadRunner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What people change about routing while it runs: the policy with its history, models and providers, and prices on top of the catalogue. It is kept in the
 * documents that all nodes of a store share; each node follows a change within five seconds, the one on which it was made at once. A change states the version
 * that it was made from. Methods block for the store; safe for use by several threads.
 */
public final class Routing implements AutoCloseable {

    /** The earlier versions of a policy that are kept. */
    public static final int KEPT_VERSIONS = 50;

    /** The most prices on top of the catalogue. */
    public static final int MAX_OVERRIDES = 100;

    static final String PREFIX = "architect.routing.";
    static final String POLICY = PREFIX + "policy";
    static final String MODELS = PREFIX + "models";
    static final String PRICES = PREFIX + "prices";

    /** Apart from the documents above, which are read every five seconds. */
    private static final String HISTORY = "architect.policy-version.";

    private static final int MAX_TRIES = 20;
    private static final int ID_RADIX = 36;

    private final ClusterStore store;
    private final Optional<RouterControl> control;
    private final TimeSource time;
    private final RoutingDocument<StoredSetting> settings;
    private final RoutingDocument<PriceOverride> overrides;
    private final @Nullable RoutingFollower follower;

    /**
     * Creates what is kept in the documents of {@code store}.
     *
     * @param control of the router that follows it; empty for one that stays as it was made
     */
    public Routing(ClusterStore store, Optional<RouterControl> control, TimeSource time) {
        this.store = Check.notNull("store", store);
        this.control = Check.notNull("control", control);
        this.time = Check.notNull("time", time);
        this.settings = new RoutingDocument<>(store, MODELS, RoutingCodec::settings, RoutingCodec::writeSettings);
        this.overrides = new RoutingDocument<>(store, PRICES, RoutingCodec::prices, RoutingCodec::writePrices);
        this.follower =
                control.map(router -> new RoutingFollower(store, router, time)).orElse(null);
    }

    /** Has the router follow what is kept, on a thread of {@code threads}, whose owner closes this first. */
    public void start(ThreadRunner threads) {
        Check.notNull("threads", threads);
        if (follower != null) {
            follower.start(threads);
        }
    }

    private void look() {
        if (follower != null) {
            follower.look();
        }
    }

    /**
     * The router that follows.
     *
     * @throws UnsupportedOperationException when the router stays as it was made
     */
    public RouterControl router() {
        return control.orElseThrow(() ->
                new UnsupportedOperationException("the router stays as it was made, expected one with a control"));
    }

    /** Whether there is a router that follows. */
    public boolean isFollowed() {
        return control.isPresent();
    }

    /** Returns the policy that was put into force last; empty while each node follows its own from the beginning. */
    public Optional<StoredPolicy> policy() {
        return store.document(POLICY).map(document -> policy(document));
    }

    /** The number of the document counts: it is what the store has judged changes by. */
    private static StoredPolicy policy(SharedDocument document) {
        StoredPolicy kept = RoutingCodec.policy(document.text());
        return new StoredPolicy(document.version(), kept.text(), kept.at(), kept.by(), kept.remark());
    }

    /** Why this node does not follow the policy that was put into force last; empty when it does. */
    public Optional<String> policyRefusal() {
        return follower == null ? Optional.empty() : follower.refusal(POLICY);
    }

    /** Why this node does not follow the prices or settings of models that were changed last; empty when it does. */
    public Optional<String> refusal() {
        return follower == null ? Optional.empty() : follower.refusal(PRICES).or(() -> follower.refusal(MODELS));
    }

    /**
     * Puts a policy into force for all nodes.
     *
     * @param version the version that it was made from; 0 for the first one
     * @param text its text, at most 400,000 characters; empty for that of each node
     * @param by who does so
     * @param remark why; may be empty, at most 200 characters
     * @throws IllegalArgumentException when the router refuses the text; {@link RouterControl#check} lists why
     * @throws StaleSettingException when there is another version; nothing has changed
     * @throws UnsupportedOperationException when the router stays as it was made
     */
    public StoredPolicy savePolicy(long version, Optional<String> text, String by, String remark) {
        StoredPolicy next = new StoredPolicy(version + 1, text, time.wallTime(), by, remark);
        text.ifPresent(this::requireValid);
        router();
        Optional<SharedDocument> before = store.document(POLICY);
        long present = before.map(SharedDocument::version).orElse(0L);
        if (present != version) {
            throw new StaleSettingException("policy", version, present);
        }
        before.ifPresent(document -> keep(policy(document)));
        try {
            store.writeDocument(POLICY, version, RoutingCodec.write(next));
        } catch (StaleDocumentException changed) {
            throw new StaleSettingException(
                    "policy", version, policy().map(StoredPolicy::version).orElse(0L));
        }
        look();
        return next;
    }

    private void requireValid(String text) {
        List<FileProblem> problems = router().check(text);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    problems.stream().map(FileProblem::toString).collect(Collectors.joining("\n")));
        }
    }

    /** Keeps a version before it is replaced, at the place of one that is older by as many as are kept. */
    private void keep(StoredPolicy policy) {
        String name = HISTORY + policy.version() % KEPT_VERSIONS;
        Optional<SharedDocument> place = store.document(name);
        boolean isKept = place.map(document -> RoutingCodec.policy(document.text()))
                .filter(kept -> kept.version() >= policy.version())
                .isPresent();
        if (isKept) {
            return;
        }
        try {
            store.writeDocument(name, place.map(SharedDocument::version).orElse(0L), RoutingCodec.write(policy));
        } catch (StaleDocumentException kept) {
            // Whoever replaces the same version keeps the same there.
            return;
        }
    }

    /**
     * Puts the policy that this node was started with, as its file has it now, into force for all nodes.
     *
     * @throws IllegalArgumentException when the router refuses it
     * @throws IllegalStateException when it has no text: a program made it
     * @throws UnsupportedOperationException when the router stays as it was made
     */
    public StoredPolicy reloadPolicy(String by) {
        OwnPolicy own = router().ownPolicy();
        String text = own.text()
                .orElseThrow(() -> new IllegalStateException(
                        "the policy of this node has no text, expected one that was read from a file"));
        return saveOver(Optional.of(text), by, "reloaded");
    }

    /**
     * Puts an earlier version into force again, as a new one.
     *
     * @return the new version; empty when that version is not kept
     * @throws IllegalArgumentException when the router refuses it by now
     */
    public Optional<StoredPolicy> restorePolicy(long version, String by) {
        return policyVersion(version).map(kept -> saveOver(kept.text(), by, "version " + version));
    }

    private StoredPolicy saveOver(Optional<String> text, String by, String remark) {
        for (int i = 1; ; i++) {
            try {
                return savePolicy(policy().map(StoredPolicy::version).orElse(0L), text, by, remark);
            } catch (StaleSettingException faster) {
                if (i == MAX_TRIES) {
                    throw faster;
                }
            }
        }
    }

    /** Returns the versions of the policy that are kept, the newest first: the one in force, and {@value #KEPT_VERSIONS} before it at most. */
    public List<StoredPolicy> policyVersions() {
        Map<Long, StoredPolicy> byVersion = new TreeMap<>(Comparator.reverseOrder());
        store.documents(HISTORY).stream()
                .map(document -> RoutingCodec.policy(document.text()))
                .forEach(kept -> byVersion.put(kept.version(), kept));
        policy().ifPresent(now -> byVersion.put(now.version(), now));
        return List.copyOf(byVersion.values());
    }

    /** Returns a version of the policy; empty when it is not kept. */
    public Optional<StoredPolicy> policyVersion(long version) {
        return policyVersions().stream()
                .filter(kept -> kept.version() == version)
                .findFirst();
    }

    /** Returns everything that was changed about models and providers. */
    public List<StoredSetting> settings() {
        return settings.all();
    }

    /** Returns what was changed about a model, or a provider when {@code model} is empty; empty when nothing ever was. */
    public Optional<StoredSetting> setting(String provider, Optional<String> model) {
        Check.notNull("provider", provider);
        Check.notNull("model", model);
        return settings().stream().filter(isAbout(provider, model)).findFirst();
    }

    private static Predicate<StoredSetting> isAbout(String provider, Optional<String> model) {
        return stored -> stored.setting().provider().equals(provider)
                && stored.setting().model().equals(model);
    }

    /**
     * Changes a model, or a provider, for all nodes.
     *
     * @param version the version that the change was made from; 0 when nothing was changed before
     * @throws StaleSettingException when there is another version; nothing has changed
     * @throws UnsupportedOperationException when the router stays as it was made
     */
    public StoredSetting saveSetting(long version, ModelSetting setting, String by) {
        Check.notNull("setting", setting);
        router();
        StoredSetting saved = settings.change(all -> {
            Predicate<StoredSetting> isAbout = isAbout(setting.provider(), setting.model());
            long present = all.stream()
                    .filter(isAbout)
                    .findFirst()
                    .map(StoredSetting::version)
                    .orElse(0L);
            if (present != version) {
                throw new StaleSettingException(
                        setting.provider()
                                + setting.model().map(model -> "/" + model).orElse(""),
                        version,
                        present);
            }
            StoredSetting next = new StoredSetting(setting, version + 1, time.wallTime(), by);
            all.removeIf(isAbout);
            all.add(next);
            return next;
        });
        look();
        return saved;
    }

    /** Returns the prices that were put on top of the catalogue, in the order in which they were added. */
    public List<PriceOverride> overrides() {
        return overrides.all();
    }

    /**
     * Returns each price on top with the id of what it comes from. What the router cannot read, since a newer version of the program has written it, is left
     * out: the router does not follow it either.
     *
     * @throws UnsupportedOperationException when the router stays as it was made
     */
    public Map<Price, String> pricesOnTop() {
        Map<Price, String> all = new HashMap<>();
        for (PriceOverride override : overrides()) {
            try {
                router().parsePrices(override.entry()).forEach(price -> all.put(price, override.id()));
            } catch (InvalidFileException newer) {
                // Those of the others count all the same.
                continue;
            }
        }
        return all;
    }

    /** Returns prices that were put on top; empty when there are none with this id. */
    public Optional<PriceOverride> override(String id) {
        Check.notNull("id", id);
        return overrides().stream().filter(price -> price.id().equals(id)).findFirst();
    }

    /**
     * Returns the prices that {@link #add} would put on top. Nothing is changed yet.
     *
     * @param entry one entry of a price file, as JSON
     * @throws dev.architect.error.InvalidFileException when the router refuses it
     * @throws UnsupportedOperationException when the router stays as it was made
     */
    public PriceOverride prepare(String entry, String by) {
        router().parsePrices(Check.notNull("entry", entry));
        return new PriceOverride(Long.toString(time.random(Long.MAX_VALUE), ID_RADIX), entry, 1, time.wallTime(), by);
    }

    /**
     * Puts prices that were prepared on top, for all nodes.
     *
     * @return the same prices
     * @throws IllegalArgumentException when others on top claim the same calls
     * @throws CapacityException when there are {@value #MAX_OVERRIDES}
     */
    public PriceOverride add(PriceOverride prepared) {
        Check.notNull("prepared", prepared);
        overrides.change(all -> {
            if (all.size() >= MAX_OVERRIDES) {
                throw new CapacityException("prices on top of the catalogue", MAX_OVERRIDES);
            }
            all.add(prepared);
            requireApart(all);
            return prepared;
        });
        look();
        return prepared;
    }

    /** Whether a document that a store has written has these prices. */
    public static boolean holds(SharedDocument document, PriceOverride price) {
        Check.notNull("document", document);
        Check.notNull("price", price);
        return document.name().equals(PRICES)
                && RoutingCodec.prices(document.text()).contains(price);
    }

    private void requireApart(List<PriceOverride> all) {
        RouterControl router = router();
        List<Price> prices = new ArrayList<>();
        all.forEach(price -> prices.addAll(router.parsePrices(price.entry())));
        // Two that claim the same call are refused with their names.
        PriceOverlay.over(router.prices().catalogue(), "own", prices);
    }

    /**
     * Replaces prices on top.
     *
     * @param version the version that the change was made from
     * @return the prices afterwards; empty when there are none with this id
     * @throws dev.architect.error.InvalidFileException when the router refuses the entry
     * @throws IllegalArgumentException when others on top claim the same calls
     * @throws StaleSettingException when they have another version; nothing has changed
     */
    public Optional<PriceOverride> edit(String id, long version, String entry, String by) {
        router().parsePrices(Check.notNull("entry", entry));
        Optional<PriceOverride> edited = overrides.change(all -> {
            int place = place(all, id, version);
            if (place < 0) {
                return Optional.empty();
            }
            PriceOverride next = new PriceOverride(id, entry, version + 1, time.wallTime(), by);
            all.set(place, next);
            requireApart(all);
            return Optional.of(next);
        });
        look();
        return edited;
    }

    /**
     * Takes prices from the top of the catalogue; what it says counts again.
     *
     * @return whether there were some with this id
     * @throws StaleSettingException when they have another version; nothing has changed
     */
    public boolean remove(String id, long version) {
        boolean isRemoved = overrides.change(all -> {
            int place = place(all, id, version);
            if (place >= 0) {
                all.remove(place);
            }
            return place >= 0;
        });
        look();
        return isRemoved;
    }

    private static int place(List<PriceOverride> all, String id, long version) {
        Check.notNull("id", id);
        for (int i = 0; i < all.size(); i++) {
            PriceOverride price = all.get(i);
            if (price.id().equals(id)) {
                if (price.version() != version) {
                    throw new StaleSettingException("price " + id, version, price.version());
                }
                return i;
            }
        }
        return -1;
    }

    @Override
    public void close() {
        if (follower != null) {
            follower.close();
        }
    }
}
