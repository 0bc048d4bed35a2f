Console.WriteLine("onnx2mpc");
