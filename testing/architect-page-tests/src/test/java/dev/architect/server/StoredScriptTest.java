package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.architect.task.TaskId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Text that would be a script, or fetch something, if a page took it for more than text: in prompts, answers, projects, items, comments and
 * addresses. No page of a browser runs any of it or asks another server for anything.
 */
final class StoredScriptTest {

    /** Each sets a mark where it runs; HOST is a server that nobody may ask. After the corpora of OWASP's and PortSwigger's cheat sheets. */
    private static final List<String> CORPUS = List.of(
            "<script>window.ran=1</script>",
            "<SCRIPT>window.ran=1</SCRIPT>",
            "<scr<script>ipt>window.ran=1</scr</script>ipt>",
            "<script src=http://HOST/a.js></script>",
            "<script/src='http://HOST/b.js'></script>",
            "<script type=module>window.ran=1</script>",
            "\"><script>window.ran=1</script>",
            "'><script>window.ran=1</script>",
            "</title><script>window.ran=1</script>",
            "</textarea><script>window.ran=1</script>",
            "</style><script>window.ran=1</script>",
            "--><script>window.ran=1</script>",
            "]]><script>window.ran=1</script>",
            "<img src=x onerror=window.ran=1>",
            "<img src=x onerror=\"window.ran=1\">",
            "<IMG SRC=x OnErRoR=window.ran=1>",
            "<img/src=x/onerror=window.ran=1>",
            "<img src=http://HOST/pixel.png>",
            "<img srcset='http://HOST/set.png 1x'>",
            "<picture><source srcset=http://HOST/pic.png><img></picture>",
            "<svg onload=window.ran=1>",
            "<svg/onload=window.ran=1>",
            "<svg><script>window.ran=1</script></svg>",
            "<svg><animate onbegin=window.ran=1 attributeName=x dur=1s>",
            "<svg><image href=http://HOST/svg.png></svg>",
            "<svg><use href=http://HOST/use.svg#x></svg>",
            "<svg><a xlink:href='javascript:window.ran=1'><text y=20>x</text></a></svg>",
            "<math><mtext></mtext><mglyph><style><img src=x onerror=window.ran=1></style></mglyph></math>",
            "<body onload=window.ran=1>",
            "<iframe src=javascript:window.ran=1></iframe>",
            "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
            "<iframe src=http://HOST/frame></iframe>",
            "<object data=http://HOST/object></object>",
            "<embed src=http://HOST/embed>",
            "<video src=http://HOST/video.mp4 autoplay onloadstart=window.ran=1>",
            "<audio src=x onerror=window.ran=1>",
            "<video poster=http://HOST/poster.png>",
            "<input autofocus onfocus=window.ran=1>",
            "<select autofocus onfocus=window.ran=1>",
            "<textarea autofocus onfocus=window.ran=1>",
            "<details open ontoggle=window.ran=1>",
            "<marquee onstart=window.ran=1>x</marquee>",
            "<div style=\"background:url(http://HOST/css.png)\">x</div>",
            "<style>@import 'http://HOST/import.css';</style>",
            "<link rel=stylesheet href=http://HOST/link.css>",
            "<link rel=prefetch href=http://HOST/prefetch>",
            "<meta http-equiv=refresh content='0;url=http://HOST/refresh'>",
            "<base href=http://HOST/>",
            "<form action=http://HOST/form><input type=submit autofocus></form>",
            "<a href=javascript:window.ran=1>x</a>",
            "<a href='java\tscript:window.ran=1'>x</a>",
            "<a href=http://HOST/ping ping=http://HOST/ping>x</a>",
            "<template shadowrootmode=open><img src=x onerror=window.ran=1></template>",
            "<noscript><p title=\"</noscript><img src=x onerror=window.ran=1>\">",
            "<xss id=x tabindex=1 onfocus=window.ran=1 autofocus>",
            "<button popovertarget=x onclick=window.ran=1>x</button><div popover id=x onbeforetoggle=window.ran=1>",
            "![x](http://HOST/markdown.png)",
            "![x](x\" onerror=\"window.ran=1)",
            "[x](javascript:window.ran=1)",
            "[x](data:text/html,<script>window.ran=1</script>)",
            "<http://HOST/autolink>",
            "${window.ran=1}",
            "{{constructor.constructor('window.ran=1')()}}",
            "#{window.ran=1}",
            "\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e",
            "&lt;script&gt;window.ran=1&lt;/script&gt;",
            "&#x3C;img src=x onerror=window.ran=1&#x3E;",
            "%3Cscript%3Ewindow.ran=1%3C/script%3E",
            "\u202e<script>window.ran=1</script>");

    private static final ObjectMapper JSON = new ObjectMapper();

    private static HeadlessBrowser browser;
    private static ServerFixture fixture;
    private static HttpServer other;
    private static final List<String> asked = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        assumeTrue(HeadlessBrowser.find().isPresent(), "chromium is not on the PATH (system package: chromium)");
        browser = HeadlessBrowser.start();
        fixture = new ServerFixture();
        other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        other.start();
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.close();
            fixture.close();
            other.stop(0);
        }
    }

    private static List<String> corpus() {
        return CORPUS.stream()
                .map(text ->
                        text.replace("HOST", "127.0.0.1:" + other.getAddress().getPort()))
                .toList();
    }

    private static String json(String... namesAndValues) {
        ObjectNode object = JSON.createObjectNode();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return object.toString();
    }

    private static void visit(String path, String complete) {
        browser.open(fixture.server.url() + path);
        browser.until(complete);
        assertNothingRan(path);
    }

    private static void assertNothingRan(String path) {
        assertThat(browser.evaluate("typeof window.ran").asText()).as(path).isEqualTo("undefined");
        assertThat(browser.evaluate("document.querySelectorAll('body script:not([src]), iframe, object, embed, base')"
                                + ".length")
                        .asInt())
                .as(path)
                .isZero();
        assertThat(asked).as(path).isEmpty();
    }

    @Test
    void nothingThatIsStoredOrInAnAddressRunsOrFetches() {
        assertThat(CORPUS).hasSizeGreaterThanOrEqualTo(60).doesNotHaveDuplicates();
        String all = String.join("\n", corpus());
        assertThat(fixture.post(
                                "/api/projects",
                                json("key", "xss", "prefix", "XS", "title", "<img src=x onerror=window.ran=1>"))
                        .statusCode())
                .isEqualTo(201);
        List<TaskId> tasks = new ArrayList<>();
        for (String text : corpus()) {
            tasks.add(fixture.submitJson(json("prompt", text)));
            fixture.post("/api/projects/xss/items", json("title", text, "body", all));
            fixture.post("/api/items/XS-1/comments", json("body", text));
        }
        TaskId whole = fixture.submitJson(json("prompt", all));
        fixture.await(whole);
        tasks.forEach(fixture::await);

        browser.show(1280, 900, "light");
        browser.open(fixture.server.newLoginLink());
        browser.until("location.pathname == '/'");
        visit("/", "document.querySelector('main') && document.body.innerText.includes('Live')");
        visit("/tasks", "document.querySelectorAll('tbody tr').length > 20");
        visit("/tasks/" + whole, "document.getElementById('task-body').innerText.includes('SCRIPT')");
        visit("/activity", "document.querySelectorAll('#activity li').length > 0");
        visit("/projects", "document.querySelector('#projects a')");
        // Only what is near the view is in the document, so the view has room for all.
        browser.show(1280, 20_000, "light");
        visit("/p/xss/board", "document.querySelectorAll('.board-card').length == " + corpus().size());
        browser.show(1280, 900, "light");
        visit("/p/xss/i/XS-1", "document.querySelector('#item-body div')");
        browser.until("document.body.innerText.includes('ontoggle')");
        assertNothingRan("the comments");
        for (String text : corpus().subList(0, 6)) {
            String encoded = URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
            visit("/tasks?q=" + encoded, "document.querySelector('main') && document.readyState == 'complete'");
            visit("/login?to=" + encoded, "document.querySelector('#person') && document.readyState == 'complete'");
        }
        visit("/login?to=javascript:window.ran=1", "document.querySelector('#person')");
    }
}
