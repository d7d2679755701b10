"""A real chat model on the functions of lessons 10 to 12: `make chat`.

    problems      the sentence that says why there is no model
    install       the packages that only the chat needs
    download      the model's file, once for all copies of the project
    gguf_file     what a GGUF file says about its model, and where its arrays are
    weights       its arrays as the params of `llama`
    tokenizer     its tokens in the numbering of lesson 10
    model         all of it together: from text to ids, from ids to text
    reading       a text read token by token, with what was read before kept
    conversation  turns, and which of them fit into the model's context
    checked       the reader's functions beside the solution's, on the real model
    threads       how many threads are the quickest now
    settings      what was typed after make: MODEL=file.gguf and so on
    screen        what the chat shows
    chat          the script behind the command
"""
