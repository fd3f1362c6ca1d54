# All that has no default. Copy it to terraform.tfvars.
project_id = "my-project"
region     = "europe-west1"
network    = "my-network"
subnetwork = "my-subnetwork"
image_tag  = "1.0.0"
