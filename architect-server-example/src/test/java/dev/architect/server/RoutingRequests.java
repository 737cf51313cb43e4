package dev.architect.server;

import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.Quality;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportSubject;
import dev.architect.job.export.Exports;
import dev.architect.model.Complexity;
import dev.architect.node.NodeRole;
import dev.architect.project.ProjectId;
import dev.architect.record.DecisionOutcome;
import dev.architect.record.DecisionRecord;
import dev.architect.record.DecisionResult;
import dev.architect.record.RequestFeatures;
import dev.architect.routing.PriceOverride;
import dev.architect.routing.Routing;
import dev.architect.routing.StoredPolicy;
import dev.architect.routing.StoredSetting;
import dev.architect.server.ContractRequests.Sent;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.TimeSource;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Right requests about calls, routing and exports, and what has to be there for them. */
final class RoutingRequests {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String MODEL = "/api/models/claude/claude-haiku-4-5";
    private static final String POLICY =
            "{'text':'baseline: claude/a\\nmodels: [{model: claude/a, quality: 90, contextTokens: 1000}]','remark':'a test'}";

    private final ServerFixture fixture;
    private final Routing routing;

    RoutingRequests(ServerFixture fixture) {
        this.fixture = fixture;
        this.routing = fixture.architect.routing();
    }

    /** Names each request by its operation. */
    void addTo(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept("getCall", () -> Sent.to("/api/calls/" + call()));
        requests.accept("getRoute", () -> Sent.to("/api/routes/" + decision()));
        policy(requests);
        models(requests);
        prices(requests);
        exports(requests);
    }

    private void policy(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept("savePolicy", () -> Sent.json("/api/policy", POLICY).ifMatch(policyVersion()));
        requests.accept("checkPolicy", () -> Sent.json("/api/policy/check", "{'text':'models: 5'}"));
        requests.accept("getPolicyVersion", () -> Sent.to("/api/policy/versions/" + savedPolicy()));
        requests.accept("restorePolicyVersion", () -> Sent.to("/api/policy/versions/" + savedPolicy() + "/restore"));
    }

    private long policyVersion() {
        return routing.policy().map(StoredPolicy::version).orElse(0L);
    }

    /** The policy of the node: that of other tests names models that are there. */
    private long savedPolicy() {
        return routing.savePolicy(policyVersion(), Optional.empty(), "ada", "").version();
    }

    private void models(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept(
                "updateProvider",
                () -> Sent.json("/api/providers/claude", "{'enabled':true}").ifMatch(settingVersion(Optional.empty())));
        requests.accept("getModel", () -> {
            savedPolicy();
            return Sent.to(MODEL);
        });
        requests.accept("updateModel", () -> {
            savedPolicy();
            return Sent.json(MODEL, "{'enabled':true,'quality':80,'maxConcurrent':null}")
                    .ifMatch(settingVersion(Optional.of("claude-haiku-4-5")));
        });
    }

    private long settingVersion(Optional<String> model) {
        return routing.setting("claude", model).map(StoredSetting::version).orElse(0L);
    }

    private void prices(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept("createPrice", () -> {
            forgetPrices();
            return Sent.json("/api/prices", entry());
        });
        requests.accept("getPrice", () -> Sent.to("/api/prices/" + price().id()));
        requests.accept(
                "savePrice",
                () -> Sent.json("/api/prices/" + price().id(), entry()).ifMatch(1));
        requests.accept(
                "deletePrice", () -> Sent.to("/api/prices/" + price().id()).ifMatch(1));
        requests.accept(
                "comparePrices",
                () -> Sent.json(
                        "/api/prices/compare",
                        "{'to':'version: mine\\nprices: [{provider: claude, model: new, usdPerMillionTokens: {input: 1},"
                                + " source: a test, checked: 2026-11-01}]'}"));
    }

    private static String entry() {
        return "{'provider':'claude','model':'m" + NUMBER.incrementAndGet()
                + "','match':'exact','serviceTier':'standard','region':'eu','validFrom':'2026-11-01T00:00:00Z',"
                + "'validTo':'2027-11-01T00:00:00Z','usdPerMillionTokens':{'input':1.25,'output':10},"
                + "'usdPerThousand':{'webSearch':10},'usdPerHour':0.5,'source':'a contract','checked':'2026-11-01'}";
    }

    private void forgetPrices() {
        routing.overrides().forEach(price -> routing.remove(price.id(), price.version()));
    }

    private PriceOverride price() {
        forgetPrices();
        return routing.add(routing.prepare(entry().replace('\'', '"'), "ada"));
    }

    private void exports(BiConsumer<String, Supplier<Sent>> requests) {
        requests.accept("createExport", () -> {
            forgetExports();
            return Sent.json("/api/exports", "{'of':'calls','format':'csv','filter':'created:-7d','zone':'UTC'}");
        });
        requests.accept("getExport", () -> Sent.to("/api/exports/" + export().id()));
        requests.accept("getExportContent", () -> Sent.to("/api/exports/" + written() + "/content"));
        requests.accept("deleteExport", () -> Sent.to("/api/exports/" + export().id()));
    }

    private void forgetExports() {
        exports().list().forEach(export -> exports().delete(export.id()));
    }

    private Exports exports() {
        return fixture.architect.exports();
    }

    private ExportJob export() {
        forgetExports();
        ReportPeriod.Between all =
                ReportPeriod.all().resolve(TimeSource.system().wallTime());
        return exports()
                .accept(exports().prepare(new ExportSubject.Calls(SpendFilter.ALL, all), ExportForm.CSV, "ada"));
    }

    /** Beside the node, which may be faster. */
    private String written() {
        String id = export().id();
        try {
            while (exports().find(id).orElseThrow().state() != ExportJob.State.DONE) {
                exports().work().run(new NodeRole(Exports.ROLE, 1, 1));
            }
        } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
        }
        return id;
    }

    private String call() {
        fixture.await(fixture.submit("hello"));
        return fixture.architect.ledger().newest(1).get(0).callId();
    }

    private String decision() {
        String id = "decided-" + NUMBER.incrementAndGet();
        fixture.store
                .records()
                .append(List.of(new DecisionRecord(
                        0,
                        id,
                        TimeSource.system().wallTime(),
                        "v1",
                        ProjectId.DEFAULT,
                        Optional.empty(),
                        new RequestFeatures(Complexity.SIMPLE, Quality.AUTO, Optional.empty(), Set.of()),
                        List.of(),
                        List.of(),
                        new DecisionResult(
                                DecisionOutcome.ANSWERED,
                                Optional.empty(),
                                Optional.of(FakeRouter.CHEAP),
                                0,
                                1,
                                0,
                                TokenUsage.of(10, 5),
                                Optional.of(new Money(7)),
                                new Money(7),
                                Duration.ofMillis(5),
                                AnswerVerdict.unchecked()),
                        Optional.empty())));
        return id;
    }
}
