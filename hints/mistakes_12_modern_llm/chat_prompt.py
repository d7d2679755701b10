"""Mistakes in chat_prompt: signs of the template, and the system's message."""

from tests.runner.diagnosis.known import edit, given, probes

FIRST = 'if messages[0]["role"] != "system":'
PUT = 'messages = [{"role": "system", "content": SYSTEM}, *messages]'
TURNS = 'turns = [f"<|im_start|>{m[\'role\']}\\n{m[\'content\']}<|im_end|>\\n" for m in messages]'
WHOLE = 'return "".join(turns) + "<|im_start|>assistant\\n"'

leaves_no_turn_open = edit("chat_prompt", """Your text ends with the last message, so the model does
    not know whose turn it is. Open the assistant's.""",
    (WHOLE, 'return "".join(turns)'), common=True)

closes_the_last_turn = edit("chat_prompt", """You close the assistant's turn at once, so that there
    is nothing left to say. It stays open.""",
    (WHOLE, WHOLE.replace('assistant\\n"', 'assistant\\n<|im_end|>\\n"')))

ends_without_a_line_end = edit("chat_prompt", """After the last "assistant" the line end is missing:
    the content begins on a line of its own.""",
    (WHOLE, WHOLE.replace('assistant\\n"', 'assistant"')), common=True)

opens_another_turn = edit("chat_prompt", """You open a turn of the user. The next to speak is the
    assistant.""",
    (WHOLE, WHOLE.replace("assistant", "user")))

closes_no_turn = edit("chat_prompt", """Your messages have no end. Each is closed with <|im_end|>,
    the token at which the model stops when it speaks.""",
    ("<|im_end|>\\n", "\\n"), common=True)

puts_turns_on_one_line = edit("chat_prompt", """After <|im_end|> the line end is missing. Each turn
    begins on a new line.""",
    ("<|im_end|>\\n", "<|im_end|>"), common=True)

puts_a_blank_after_the_role = edit("chat_prompt", """Between role and content you have
    something else than a line end.""",
    ("{m['role']}\\n", "{m['role']}" + "{between}"), between=(" ", ": ", ""))

puts_a_line_end_after_the_content = edit("chat_prompt", """You end the line before <|im_end|>. It
    follows the content at once.""",
    ("{m['content']}<|im_end|>", "{m['content']}\\n<|im_end|>"))

always_adds_the_system = edit("chat_prompt", """You put SYSTEM before a conversation that has a
    system message of its own. It is only for those that have none.""",
    (FIRST, "if True:"), common=True)

never_adds_the_system = edit("chat_prompt", """You never put SYSTEM first. The model has always seen
    a system message: without one it gets this one.""",
    (FIRST, "if False:"), common=True)

looks_for_the_user = edit("chat_prompt", """You add SYSTEM only if the user speaks first. It comes
    first whoever speaks, unless that is the system.""",
    ('!= "system"', '== "user"'))

writes_into_the_conversation = edit("chat_prompt", """You put the system's message into the list
    that you were given, where it stays. Make a new list.""",
    (PUT, 'messages.insert(0, {"role": "system", "content": SYSTEM})'), common=True)

adds_the_system_at_the_end = edit("chat_prompt", """SYSTEM comes after the messages. It comes
    first.""",
    (PUT, 'messages = [*messages, {"role": "system", "content": SYSTEM}]'))

strips_the_content = edit("chat_prompt", """White space at the ends of the content is lost. The
    content stays as it is.""",
    ("{m['content']}", "{m['content'].strip()}"), common=True)

takes_the_last_message_alone = edit("chat_prompt", """You write the last message alone. The model
    knows nothing of a conversation but what is in this text.""",
    ("for m in messages]", "for m in messages[-1:]]"))


@probes("chat_prompt")
def probe_chat_prompt():
    system = {"role": "system", "content": "Be brief."}
    hello, hi = {"role": "user", "content": " Hello!\n"}, {"role": "assistant", "content": "Hi."}
    yield given([system, hello])
    yield given([hello])
    yield given([hello, hi, hello])
    yield given([system, hello, hi, hello])
    yield given([hi, hello])
    yield given([system])
