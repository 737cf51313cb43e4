/** How a request travels: OkHttp, or replies from memory, once, cancelled by interruption. */
@NullMarked
package dev.architect.provider.http.transport;

import org.jspecify.annotations.NullMarked;
