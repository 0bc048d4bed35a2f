namespace PrivateInference.Runtime.Transport;

/// <summary>What a message is for.</summary>
public enum MessageKind : byte
{
    /// <summary>Client to server, first of all: version, role, plan, security parameters.</summary>
    Hello = 1,

    /// <summary>Server to client: the session is accepted.</summary>
    Welcome = 2,

    /// <summary>Either way: the session is over, with the reason as text. Allowed in place of any other message.</summary>
    Error = 3,

    /// <summary>Keys and base oblivious transfers, once a session.</summary>
    Setup = 4,

    /// <summary>Client to server: prepare the material of one inference.</summary>
    Prepare = 5,

    /// <summary>Client to server: the masked input; consumes prepared material.</summary>
    Infer = 6,

    /// <summary>A message of a step's protocol.</summary>
    Step = 7,

    /// <summary>Client to server: no more requests.</summary>
    Goodbye = 8,

    /// <summary>Client to server: who it is, for material that was prepared ahead. Server to client: the identity of its store.</summary>
    Store = 9,

    /// <summary>Client to server: prepare the material of one inference and store it; its part of the identity. Server to client: its part, if it does.</summary>
    Keep = 10,

    /// <summary>Client to server: its half is on its disk. Server to client: the other one is in the store.</summary>
    Kept = 11,

    /// <summary>Client to server: take stored material. Server to client: whether it has it.</summary>
    Claim = 12,

    /// <summary>Client to server: delete stored material, of which the client has no half.</summary>
    Discard = 13,
}
