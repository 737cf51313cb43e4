/** Chat models of LangChain4j as a provider, and Architect as a chat model of LangChain4j. */
module dev.architect.langchain4j {
    requires transitive dev.architect.core;
    requires transitive dev.architect.library.bridge;
    requires transitive langchain4j.core;
    requires com.fasterxml.jackson.databind;

    exports dev.architect.langchain4j;
}
