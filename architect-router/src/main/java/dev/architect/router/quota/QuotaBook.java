package dev.architect.router.quota;

import dev.architect.error.CapacityException;
import dev.architect.model.ModelId;
import dev.architect.project.Attribution;
import dev.architect.quota.QuotaStore;
import dev.architect.router.policy.QuotaRule;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The quotas of a router. What a call takes of them is decided here under one lock, in memory, for all of its quotas together. With a store
 * that several nodes share, each quota is a slice of the common one, see {@link SharedSlice}.
 *
 * <p>Quotas that each tenant has by itself are made when the tenant is first seen. At most {@value #MOST_TENANTS} are kept: those that have
 * not been used for a period go first, and when all are in use, further tenants share the quotas of one that stands for them all.
 *
 * <p>Safe for use by several threads; calls no code of the host but the store, and that without its lock.
 */
public final class QuotaBook implements AutoCloseable {

    static final int MOST_TENANTS = 10_000;

    private static final String OTHERS = "(others)";
    private static final Quota[] NO_QUOTAS = new Quota[0];

    private final Object lock = new Object();
    private volatile List<QuotaRule> ofDeployments = List.of();
    private volatile List<QuotaRule> ofTenants = List.of();
    private final TimeSource time;
    private final @Nullable SliceExchange exchange;
    /** In the order of the last use. */
    private final Map<Tenant, Quota[]> byTenant = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<QuotaRule, Quota[]> byRule = new LinkedHashMap<>();
    private final Map<QuotaRule, Quota[]> others = new LinkedHashMap<>();
    /** Of earlier policies, by name: what was used is counted under the later ones too. */
    private final Map<String, Quota> earlier = new HashMap<>();

    /** How often requests have come into lines. */
    private long entries;

    private volatile boolean isClosed;

    /** Creates the quotas of {@code rules} for one process. */
    public QuotaBook(List<QuotaRule> rules, TimeSource time) {
        this(rules, time, null, Runnable::run);
    }

    /**
     * Creates the quotas of {@code rules}.
     *
     * @param storeOrNull where they are shared with other nodes; null when this process has them alone
     * @param runner runs the calls of the store, on threads that may block
     */
    public QuotaBook(
            List<QuotaRule> rules, TimeSource time, @Nullable QuotaStore storeOrNull, Consumer<Runnable> runner) {
        this.time = time;
        this.exchange = storeOrNull == null ? null : new SliceExchange(storeOrNull, time, runner, lock);
        follow(rules);
    }

    /** The tenant that a rule for each of them is about. */
    private record Tenant(QuotaRule rule, String subject) {}

    /**
     * Follows other rules from now on. What was used of a quota that both have, with the same unit, subject and period, still counts. A request
     * that has begun goes on under the rules under which it began.
     */
    public final void follow(List<QuotaRule> rules) {
        List<QuotaRule> deployments = new ArrayList<>();
        List<QuotaRule> tenants = new ArrayList<>();
        for (QuotaRule rule : rules) {
            switch (rule.subject()) {
                case PROVIDER, MODEL -> deployments.add(rule);
                case PROJECT, USER, TAG -> tenants.add(rule);
            }
        }
        synchronized (lock) {
            keep(byRule.values());
            keep(others.values());
            keep(byTenant.values());
            byRule.clear();
            others.clear();
            byTenant.clear();
            for (QuotaRule rule : rules) {
                if (!rule.isEach()) {
                    byRule.put(rule, quotas(rule, rule.name()));
                }
            }
            ofDeployments = List.copyOf(deployments);
            ofTenants = List.copyOf(tenants);
        }
    }

    private void keep(Collection<Quota[]> all) {
        long now = time.nanoTime();
        for (Quota[] quotas : all) {
            for (Quota quota : quotas) {
                if (!quota.isIdle(now)) {
                    earlier.put(quota.name(), quota);
                }
            }
        }
        earlier.values().removeIf(quota -> quota.isIdle(now));
    }

    /** Whether there is nothing to take from: then a request needs no claim. */
    public boolean isEmpty() {
        return ofDeployments.isEmpty() && ofTenants.isEmpty();
    }

    /** Returns the quotas of a deployment, which stay the same. */
    public QuotaSet of(ModelId deployment) {
        List<Quota> quotas = new ArrayList<>();
        for (QuotaRule rule : ofDeployments) {
            boolean applies = rule.subject() == QuotaRule.Subject.PROVIDER
                    ? rule.name().equals(deployment.provider())
                    : rule.name().equals(deployment.toString());
            if (applies) {
                synchronized (lock) {
                    quotas.addAll(List.of(byRule.getOrDefault(rule, NO_QUOTAS)));
                }
            }
        }
        return quotas.isEmpty() ? QuotaSet.NONE : new QuotaSet(quotas.toArray(NO_QUOTAS));
    }

    /**
     * Returns a request's claim to the quotas.
     *
     * @param attribution its tenants
     * @param reservePercent what it leaves of each limit to others, in percent
     */
    public QuotaClaim claim(Attribution attribution, int reservePercent) {
        if (isEmpty()) {
            return QuotaClaim.NONE;
        }
        List<QuotaRule> rules = ofTenants;
        if (rules.isEmpty()) {
            return new QuotaClaim(this, NO_QUOTAS, reservePercent);
        }
        List<Quota> quotas = new ArrayList<>(2);
        synchronized (lock) {
            for (QuotaRule rule : rules) {
                String subject = subject(rule, attribution);
                if (subject != null) {
                    quotas.addAll(List.of(ofTenant(rule, subject)));
                }
            }
        }
        return new QuotaClaim(this, quotas.toArray(NO_QUOTAS), reservePercent);
    }

    /** The tenant of a request that a rule is about; null when it is about none of them. */
    private static @Nullable String subject(QuotaRule rule, Attribution attribution) {
        return switch (rule.subject()) {
            case PROVIDER, MODEL -> null;
            case PROJECT -> matching(rule.name(), attribution.project().name());
            case USER -> matching(rule.name(), attribution.user().orElse(null));
            case TAG -> {
                int end = rule.name().indexOf('=');
                String tag = rule.name().substring(0, end);
                String value = matching(
                        rule.name().substring(end + 1), attribution.tags().get(tag));
                yield value == null ? null : tag + "=" + value;
            }
        };
    }

    private static @Nullable String matching(String wanted, @Nullable String found) {
        return found != null && (wanted.equals(QuotaRule.EACH) || wanted.equals(found)) ? found : null;
    }

    private Quota[] ofTenant(QuotaRule rule, String subject) {
        Quota[] fixed = byRule.get(rule);
        if (fixed != null) {
            return fixed;
        }
        Tenant tenant = new Tenant(rule, subject);
        Quota[] known = byTenant.get(tenant);
        if (known != null) {
            return known;
        }
        if (byTenant.size() >= MOST_TENANTS && !makesRoom()) {
            return others.computeIfAbsent(rule, each -> quotas(each, OTHERS));
        }
        Quota[] made = quotas(rule, subject);
        byTenant.put(tenant, made);
        return made;
    }

    /** Removes one tenant that has not used anything for a period. */
    private boolean makesRoom() {
        long now = time.nanoTime();
        Iterator<Quota[]> oldest = byTenant.values().iterator();
        // The first one was used least recently: when it is not idle, the others are hardly.
        if (!oldest.hasNext()) {
            return true;
        }
        for (Quota quota : oldest.next()) {
            if (!quota.isIdle(now)) {
                return false;
            }
        }
        oldest.remove();
        return true;
    }

    private Quota[] quotas(QuotaRule rule, String name) {
        List<Quota> quotas = new ArrayList<>();
        String subject = rule.subject().name().toLowerCase(Locale.ROOT) + " " + name;
        rule.limits().forEach((unit, limit) -> {
            Quota known = earlier.remove(Quota.name(rule, unit, subject));
            if (known != null) {
                known.follow(limit);
            }
            quotas.add(known == null ? new Quota(rule, unit, limit, subject, time, exchange) : known);
        });
        return quotas.toArray(NO_QUOTAS);
    }

    @Nullable
    QuotaReservation tryTake(
            Quota[] quotas,
            @Nullable QuotaTicket ticketOrNull,
            int reservePercent,
            long promptTokens,
            long answerTokens) {
        QuotaReservation taken = null;
        synchronized (lock) {
            long now = time.nanoTime();
            boolean hasRoom = true;
            for (Quota quota : quotas) {
                hasRoom = hasRoom
                        && quota.hasRoom(quota.share(promptTokens, answerTokens), ticketOrNull, reservePercent, now);
            }
            if (hasRoom) {
                taken = new QuotaReservation(this, quotas, now, ticketOrNull, entries);
                for (int index = 0; index < quotas.length; index++) {
                    taken.take(index, quotas[index].share(promptTokens, answerTokens));
                }
            }
        }
        startExchange();
        return taken;
    }

    long nanosUntil(
            Quota[] quotas,
            @Nullable QuotaTicket ticketOrNull,
            int reservePercent,
            long promptTokens,
            long answerTokens) {
        synchronized (lock) {
            long now = time.nanoTime();
            long longest = 0;
            for (Quota quota : quotas) {
                longest = Math.max(
                        longest,
                        quota.nanosUntil(quota.share(promptTokens, answerTokens), ticketOrNull, reservePercent, now));
            }
            return longest;
        }
    }

    long nanosUntilLook(Quota[] quotas, @Nullable QuotaTicket ticketOrNull, long expected) {
        synchronized (lock) {
            long now = time.nanoTime();
            long soonest = Long.MAX_VALUE;
            for (Quota quota : quotas) {
                soonest = Math.min(soonest, quota.nanosUntilLook(expected, ticketOrNull, now));
            }
            return soonest;
        }
    }

    boolean askStore(
            Quota[] quotas,
            @Nullable QuotaTicket ticketOrNull,
            int reservePercent,
            long promptTokens,
            long answerTokens,
            Duration timeLeft)
            throws InterruptedException {
        if (exchange == null) {
            return false;
        }
        boolean isAsked = false;
        synchronized (lock) {
            long now = time.nanoTime();
            for (Quota quota : quotas) {
                long units = quota.share(promptTokens, answerTokens);
                SharedSlice slice = quota.slice();
                if (slice != null && !quota.hasRoom(units, ticketOrNull, reservePercent, now) && slice.canHelp(now)) {
                    quota.want(units);
                    exchange.ask(quota);
                    isAsked = true;
                }
            }
        }
        if (isAsked) {
            exchange.start();
            exchange.await(timeLeft);
        }
        return isAsked;
    }

    void enter(Quota[] quotas, QuotaTicket ticket, int reservePercent, long promptTokens, long answerTokens) {
        synchronized (lock) {
            long now = time.nanoTime();
            for (Quota quota : quotas) {
                long units = quota.share(promptTokens, answerTokens);
                if (!quota.hasRoom(units, ticket, reservePercent, now)) {
                    entries += ticket.enter(quota, units) ? 1 : 0;
                }
            }
        }
    }

    Optional<CapacityException> exceeded(
            Quota[] quotas,
            @Nullable QuotaTicket ticketOrNull,
            int reservePercent,
            long promptTokens,
            long answerTokens) {
        synchronized (lock) {
            long now = time.nanoTime();
            long longest = 0;
            Quota worst = null;
            for (Quota quota : quotas) {
                long until =
                        quota.nanosUntil(quota.share(promptTokens, answerTokens), ticketOrNull, reservePercent, now);
                if (until > longest) {
                    longest = until;
                    worst = quota;
                }
            }
            if (worst == null) {
                return Optional.empty();
            }
            worst.recordRefusal();
            return Optional.of(new CapacityException(worst.name(), worst.limit(), Duration.ofNanos(longest)));
        }
    }

    /** Calls have ended that took {@code units}: those at the same time are free for others. Reads no clock, which the host may have supplied. */
    void release(Quota[] quotas, long[] units) {
        synchronized (lock) {
            for (int index = 0; index < quotas.length; index++) {
                if (quotas[index].isConcurrent()) {
                    quotas[index].release(units[index]);
                    quotas[index].announce();
                }
            }
        }
        startExchange();
    }

    /** The same for a call that was not made. */
    void giveBackCalls(Quota[] quotas, long[] units, @Nullable QuotaTicket ticketOrNull, long entriesBefore) {
        synchronized (lock) {
            for (int index = 0; index < quotas.length; index++) {
                if (quotas[index].isConcurrent()) {
                    quotas[index].release(units[index]);
                    announceGivenBack(quotas[index], ticketOrNull, entriesBefore);
                }
            }
        }
        startExchange();
    }

    /** Gives back what a call has taken within a time that was not made. */
    void giveBack(
            Quota[] quotas,
            long[] slots,
            long[] units,
            long takenAt,
            @Nullable QuotaTicket ticketOrNull,
            long entriesBefore) {
        synchronized (lock) {
            long now = time.nanoTime();
            for (int index = 0; index < quotas.length; index++) {
                Quota quota = quotas[index];
                if (!quota.isConcurrent() && units[index] != 0) {
                    quota.giveBack(slots[index], takenAt, units[index], now);
                    announceGivenBack(quota, ticketOrNull, entriesBefore);
                }
            }
        }
        startExchange();
    }

    /**
     * A request that still stands in the line gives back what it has just taken when something else keeps it from its call, such as a circuit
     * breaker. That must not wake it, or it would take and give back without an end; nor others that do the same. Only who has come into a line
     * meanwhile may have been refused for it.
     */
    private void announceGivenBack(Quota quota, @Nullable QuotaTicket ticketOrNull, long entriesBefore) {
        if (ticketOrNull == null || !ticketOrNull.standsAt(quota)) {
            quota.announce();
        } else if (entries != entriesBefore) {
            quota.wakeOthers(ticketOrNull);
        }
    }

    /** Runs {@code change} under the lock, with the time. */
    void locked(LongConsumer change) {
        synchronized (lock) {
            change.accept(time.nanoTime());
        }
        startExchange();
    }

    private void startExchange() {
        if (exchange != null) {
            exchange.start();
        }
    }

    /** Returns the gauges of the quotas that have one subject: those of each tenant would be without number. */
    public List<QuotaGauge> gauges() {
        List<QuotaGauge> gauges = new ArrayList<>();
        synchronized (lock) {
            byRule.forEach((rule, quotas) -> {
                for (Quota quota : quotas) {
                    gauges.add(new QuotaGauge(quota, lock));
                }
            });
        }
        return gauges;
    }

    /** How many requests wait before quotas now. */
    public int waiting() {
        synchronized (lock) {
            int sum = 0;
            for (Quota[] quotas : byRule.values()) {
                sum += waiting(quotas);
            }
            for (Quota[] quotas : byTenant.values()) {
                sum += waiting(quotas);
            }
            return sum;
        }
    }

    private static int waiting(Quota[] quotas) {
        int sum = 0;
        for (Quota quota : quotas) {
            sum += quota.waiting();
        }
        return sum;
    }

    /** Gives slices back to the store. Calls that end later report nothing any more. */
    @Override
    public void close() {
        if (isClosed || exchange == null) {
            return;
        }
        isClosed = true;
        List<Quota> all = new ArrayList<>();
        synchronized (lock) {
            byRule.values().forEach(quotas -> all.addAll(List.of(quotas)));
            byTenant.values().forEach(quotas -> all.addAll(List.of(quotas)));
        }
        exchange.close(all);
    }
}
