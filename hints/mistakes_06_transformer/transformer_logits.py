"""Mistakes in transformer: what becomes of the last vectors."""

from tests.runner.diagnosis.known import edit

gives_probabilities = edit("transformer", """Your answer is a softmax: each row sums to one. It
    should be logits, the numbers before the softmax.""",
    ("return", "logits ="),
    ('["unembedding"]',
     '["unembedding"]\n'
     "exps = np.exp(logits - logits.max(axis=-1, keepdims=True))\n"
     "return exps / exps.sum(axis=-1, keepdims=True)"), common=True)

gives_logs_of_probabilities = edit("transformer", """Your answer is a log-softmax, the logarithms
    of probabilities. It should be logits, as the last product gives them.""",
    ("return", "logits ="),
    ('["unembedding"]',
     '["unembedding"]\n'
     "shifted = logits - logits.max(axis=-1, keepdims=True)\n"
     "return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))"))

does_not_unembed = edit("transformer", """Your answer is the output of the last block. A product
    with params["unembedding"] should turn it into logits.""",
    ('x @ params["unembedding"]', "x"))

ties_the_output = edit("transformer", """Your logits are products with the rows of target_table.
    This model has an output matrix of its own: params["unembedding"].""",
    ('["unembedding"]', '["target_table"].T'))

unembeds_by_the_target_table_as_it_is = edit("transformer", """You multiply by target_table as it
    is, (vocab, d_model). This model has an output matrix of its own, (d_model, vocab):
    params["unembedding"].""",
    ('"unembedding"', '"target_table"'))

turns_the_unembedding = edit("transformer", """You transpose the unembedding. It is (d_model,
    vocab) already, and fits as it is.""",
    ('["unembedding"]', '["unembedding"].T'))

answers_about_the_last_token_alone = edit("transformer", """Your answer has the logits of the
    last token alone. It should have a row for each token of the target.""",
    ("return x", "return x[..., -1, :]"))

picks_the_likeliest_token = edit("transformer", """Your answer is tokens, the likeliest at each
    position. It should be logits.""",
    ('x @ params["unembedding"]', '(x @ params["unembedding"]).argmax(axis=-1)'))

norms_after_the_last_block = edit("transformer", """You apply a norm after the last block,
    without gain and bias. Each block of 2017 ends with a norm already: no other should follow.""",
    ("return x", "return layer_norm(x, 1.0, 0.0)"))
