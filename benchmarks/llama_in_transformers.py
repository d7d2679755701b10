"""The model of lesson 12 as Hugging Face's transformers runs it, on the same weights."""

import numpy as np

NAMES = {
    "attention": {"w_q": "self_attn.q_proj", "w_k": "self_attn.k_proj", "w_v": "self_attn.v_proj",
                  "w_o": "self_attn.o_proj"},
    "feed_forward": {"w_gate": "mlp.gate_proj", "w_up": "mlp.up_proj", "w_down": "mlp.down_proj"},
    "norm_1": {"gain": "input_layernorm"}, "norm_2": {"gain": "post_attention_layernorm"},
}


def in_transformers(params, config, n_positions=2048):
    """A LlamaForCausalLM, ready to run.

    params, config: as in lesson 12's `llama`
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    table, block = params["token_table"], params["blocks"][0]
    about = LlamaConfig(
        vocab_size=len(table), hidden_size=table.shape[1], num_hidden_layers=len(params["blocks"]),
        intermediate_size=block["feed_forward"]["w_up"].shape[1],
        num_attention_heads=config["n_heads"], num_key_value_heads=config["n_kv_heads"],
        head_dim=block["attention"]["w_q"].shape[1] // config["n_heads"],
        rms_norm_eps=config["eps"], max_position_embeddings=n_positions,
        rope_parameters={"rope_type": "default", "rope_theta": config["base"]},
        tie_word_embeddings="unembedding" not in params)
    with torch.device("meta"):
        model = LlamaForCausalLM(about)
    state = {name: torch.from_numpy(array.copy(order="C"))  # in its own layout, as it likes best
             for name, array in _state(params, config)}
    if about.tie_word_embeddings:
        state["lm_head.weight"] = state["model.embed_tokens.weight"]
    model.load_state_dict(state, assign=True)
    model.model.rotary_emb = type(model.model.rotary_emb)(about)  # of numbers, and not of weights
    return model.eval()


def _state(params, config):
    """Every weight by its name there; a matrix has a row for each number of its output."""
    yield "model.embed_tokens.weight", params["token_table"]
    yield "model.norm.weight", params["norm_f"]["gain"]
    if "unembedding" in params:
        yield "lm_head.weight", params["unembedding"].T
    heads = {"w_q": config["n_heads"], "w_k": config["n_kv_heads"]}
    for i, block in enumerate(params["blocks"]):
        for part, names in NAMES.items():
            for ours, theirs in names.items():
                rows = block[part][ours].T
                rows = halves_apart(rows, heads[ours]) if ours in heads else rows
                yield f"model.layers.{i}.{theirs}.weight", rows


def halves_apart(rows, n_heads):
    """Rows of queries or keys in their order: the first numbers of all pairs, then the second."""
    pairs = rows.reshape(n_heads, -1, 2, rows.shape[-1])
    return np.ascontiguousarray(pairs.swapaxes(1, 2)).reshape(rows.shape)
