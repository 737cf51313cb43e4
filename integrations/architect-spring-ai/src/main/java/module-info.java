/** Chat models of Spring AI as a provider, and Architect as a chat model of Spring AI. */
module dev.architect.spring.ai {
    requires transitive dev.architect.core;
    requires transitive dev.architect.library.bridge;
    requires transitive spring.ai.model;
    requires spring.ai.commons;
    requires spring.core;
    requires transitive reactor.core;
    requires org.reactivestreams;

    exports dev.architect.spring.ai;
}
