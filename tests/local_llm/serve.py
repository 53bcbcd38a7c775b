"""The server's own process: python serve.py FOLDER MODEL THREADS, with its key on the first line of standard input.

It prints its address and serves until standard input ends: so it goes whenever the one who started it goes, however.
Nobody without the key is answered, because other people's browsers can reach loopback too.
"""

import os
import sys


def main() -> None:
    """Serve a model, and leave with the one who asked for it."""
    folder, model = sys.argv[1:3]
    key = sys.stdin.readline().strip()
    sys.path.insert(0, folder)
    import xllamacpp

    threads = int(sys.argv[3])
    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {"local"}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [key]
    params.n_ctx, params.n_parallel, params.n_predict = 8_192, 1, 600
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.sampling.temp = 0.0
    params.sampling.seed = 1
    params.ui = params.endpoint_slots = False
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()
    os._exit(0)


main()
