/** Where requests come from, through proxies as well, and what slow and many connections may hold. */
@NullMarked
package dev.architect.server.network;

import org.jspecify.annotations.NullMarked;
